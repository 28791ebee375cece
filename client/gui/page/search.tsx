import type { TargetedEvent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { sanitise } from "../../sanitise.ts";
import type { Entry } from "../../entry.ts";
import type { Answers } from "../told.ts";
import { backToComposer, focused } from "./focus.ts";
import { ask } from "./link.ts";
import { Name, titleOf } from "./names.tsx";
import { chat, search, select } from "./store.ts";
import { whenOf } from "./when.ts";

type Found = Answers["search"];

/** Looks for what was said, as `/search` does. */
export function SearchPanel({ query }: { readonly query: string }) {
  const [found, setFound] = useState<Found | null>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    if (query === "") return;
    let wanted = true;
    ask({ kind: "search", query }).then(
      (hits) => {
        if (!wanted) return;
        setFound(hits);
        setProblem("");
      },
      ({ message }: { message: string }) => wanted && setProblem(message),
    );
    return () => void (wanted = false);
  }, [query]);
  useEffect(() => backToComposer, []);
  const submit = (event: TargetedEvent<HTMLFormElement, SubmitEvent>) => {
    event.preventDefault();
    search.value = (event.currentTarget.elements.namedItem("query") as HTMLInputElement).value.trim();
  };
  return (
    <section class="search" aria-label="Search">
      <form role="search" onSubmit={submit}>
        <label class="hidden" for="query">Search messages</label>
        <input
          id="query"
          name="query"
          type="search"
          defaultValue={query}
          ref={focused}
          maxLength={256}
          placeholder="disk full from:bob in:#ops since:2d"
          autocomplete="off"
        />
        <button type="submit">Find</button>
        <button type="button" class="second" onClick={() => search.value = null}>Close</button>
      </form>
      <p role="status" class={problem === "" ? "" : "problem"}>{problem || summary(found)}</p>
      <ol aria-label="Results">
        {found?.entries.map((entry) => <Hit key={`${conversationOf(entry)} ${entry.seq}`} entry={entry} />)}
      </ol>
    </section>
  );
}

function Hit({ entry }: { readonly entry: Entry }) {
  const to = conversationOf(entry);
  return (
    <li>
      <button type="button" onClick={() => select(to)}>
        <span class="from">
          <Name name={entry.from} /> in <bdi>{titleOf(to)}</bdi>
        </span>
        <time dateTime={entry.at}>{whenOf(entry.at)}</time>
        <span class="text" dir="auto">{sanitise(entry.text, { lines: "keep" })}</span>
      </button>
    </li>
  );
}

function conversationOf(entry: Entry): string {
  if (entry.type === "message") return `#${entry.room}`;
  return `@${entry.from === chat.value.name ? entry.to : entry.from}`;
}

function summary(found: Found | null): string {
  if (found === null) return "";
  const { entries: { length }, more } = found;
  if (length === 0) return "Nothing found in what you may read";
  return more ? `${length} found, and there are more: narrow it with from:, in:, since:` : `${length} found`;
}
