import { useEffect } from "preact/hooks";
import { sanitiseName } from "../../sanitise.ts";
import type { Answers } from "../told.ts";
import { backToComposer, focused } from "./focus.ts";
import { ask } from "./link.ts";
import { complain, words } from "./store.ts";

/** The words that two people compare, as `/verify` shows them. */
export function VerifyPanel({ shown }: { readonly shown: Answers["verify"] }) {
  useEffect(() => backToComposer, []);
  const { name, words: six, emoji, privacy } = shown;
  const who = sanitiseName(name);
  const step = (step: "same" | "accept") => {
    ask({ kind: "verify", user: name, step }).then(
      (next) => words.value = step === "same" ? null : next,
      ({ message }: { message: string }) => complain(`@${name}`, message),
    );
  };
  return (
    <section class="verify" aria-label={`Verify ${who}`}>
      <ol>
        {six.map((word, i) => (
          <li key={i}>
            <span aria-hidden="true">{emoji[i]?.symbol}</span> {word} <small>{emoji[i]?.name}</small>
          </li>
        ))}
      </ol>
      <p>
        {privacy === "changed"
          ? `${who} has another key than before, so nothing is sent. Ask ${who}, not in this chat, whether these are the words there now.`
          : `Ask ${who}, not in this chat, which words are shown there. If they are the same, nobody stands between you.`}
      </p>
      {privacy === "changed"
        ? (
          <button type="button" ref={focused} onClick={() => step("accept")}>
            Take the new key for {who}'s
          </button>
        )
        : <button type="button" ref={focused} onClick={() => step("same")}>They are the same</button>}{" "}
      <button type="button" class="second" onClick={() => words.value = null}>Close</button>
    </section>
  );
}
