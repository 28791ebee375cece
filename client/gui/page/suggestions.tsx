import { sanitise } from "../../sanitise.ts";
import { hintOf, type Menu } from "./typing.ts";

/** Of many options these are shown: those around the chosen one. */
const SHOWN = 8;

/** The id of an option, for `aria-activedescendant`. */
export function optionId(at: number): string {
  return `option-${at}`;
}

/** What could be typed next. */
export function Suggestions(
  { menu, choose }: { readonly menu: Menu; readonly choose: (at: number) => void },
) {
  const { options, at: chosen } = menu;
  const first = Math.max(0, Math.min(chosen - SHOWN + 2, options.length - SHOWN));
  const shown = options.map((option, at) => ({ option, at })).slice(first, first + SHOWN);
  return (
    <ul id="suggestions" class="suggestions" role="listbox" aria-label="Suggestions">
      {shown.map(({ option, at }) => (
        <li
          key={option}
          id={optionId(at)}
          role="option"
          aria-selected={at === chosen ? "true" : "false"}
          aria-setsize={options.length}
          aria-posinset={at + 1}
          onMouseDown={(event) => {
            event.preventDefault(); // the field keeps the focus
            choose(at);
          }}
        >
          <bdi>{sanitise(option.trim(), { lines: "escape" })}</bdi> <small>{hintOf(option)}</small>
        </li>
      ))}
    </ul>
  );
}
