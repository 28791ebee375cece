import { useLayoutEffect, useRef } from "preact/hooks";
import { sanitise } from "../../sanitise.ts";
import { hintOf, type Menu } from "./typing.ts";

/** The id of an option, for `aria-activedescendant`. */
export function optionId(at: number): string {
  return `option-${at}`;
}

/** What could be typed next. */
export function Suggestions(
  { menu, choose }: { readonly menu: Menu; readonly choose: (at: number) => void },
) {
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() =>
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" })
  );
  return (
    <ul ref={list} id="suggestions" class="suggestions" role="listbox" aria-label="Suggestions">
      {menu.options.map((option, at) => (
        <li
          key={option}
          id={optionId(at)}
          role="option"
          aria-selected={at === menu.at ? "true" : "false"}
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
