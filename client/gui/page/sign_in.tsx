import type { TargetedEvent } from "preact";
import { useState } from "preact/hooks";
import { sanitise, sanitiseName } from "../../sanitise.ts";
import type { Question } from "../chat_state.ts";
import type { Wish } from "../wish.ts";
import { focused } from "./focus.ts";
import { ask } from "./link.ts";
import { about, chat } from "./store.ts";

type Submit = TargetedEvent<HTMLFormElement, SubmitEvent>;

/** What has to be known before the chat begins: a name, a password, or a new one. */
export function SignIn({ question }: { readonly question: Question }) {
  const [another, setAnother] = useState(false);
  const [problem, setProblem] = useState("");
  const wish = (wanted: Wish) => {
    setProblem("");
    ask(wanted).then(() => setAnother(false), ({ message }: { message: string }) => setProblem(message));
  };
  const shared = { wish, problem, other: () => setAnother(true) };
  return (
    <main class="closed">
      {question.kind === "name" || another
        ? <NameForm {...shared} message={question.kind === "name" ? question.message : undefined} />
        : question.why === "unregistered"
        ? <FreshPassword {...shared} />
        : <Password {...shared} question={question} />}
    </main>
  );
}

interface Shared {
  readonly wish: (wish: Wish) => void;
  readonly problem: string;
  readonly other: () => void;
}

function NameForm({ wish, problem, message }: Shared & { readonly message: string | undefined }) {
  const submit = (event: Submit) => {
    const name = valueOf(event, "name").trim();
    if (name !== "") wish({ kind: "name", name });
  };
  return (
    <form onSubmit={submit}>
      <h1>Who are you?</h1>
      <p>On {sanitise(about.value.server, { lines: "escape" })}, you are known by this name.</p>
      <label for="name">Name</label>
      <input id="name" name="name" autocomplete="username" ref={focused} maxLength={64} required />
      <Problem text={problem || message} />
      <button type="submit">Continue</button>
    </form>
  );
}

function Password(
  { wish, problem, other, question }: Shared & { readonly question: Question & { kind: "password" } },
) {
  const submit = (event: Submit) => {
    const password = valueOf(event, "password");
    if (password !== "") wish({ kind: "signIn", password });
  };
  return (
    <form onSubmit={submit}>
      <h1>
        Password for <bdi>{sanitiseName(chat.value.name)}</bdi>
      </h1>
      <p>This name belongs to an account. The password stays on this machine: the server never sees it.</p>
      <label for="password">Password</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="current-password"
        ref={focused}
        required
      />
      <Problem text={problem || trouble(question)} />
      <button type="submit">Sign in</button>
      <button type="button" class="second" onClick={other}>Another name</button>
    </form>
  );
}

function FreshPassword({ wish, problem, other }: Shared) {
  const [differ, setDiffer] = useState(false);
  const submit = (event: Submit) => {
    const password = valueOf(event, "fresh");
    setDiffer(password !== valueOf(event, "again"));
    if (password === valueOf(event, "again")) wish({ kind: "register", password });
  };
  return (
    <form onSubmit={submit}>
      <h1>Choose a password</h1>
      <p>
        This server wants an account: a password makes <bdi>{sanitiseName(chat.value.name)}</bdi> yours.
      </p>
      <label for="fresh">New password</label>
      <input id="fresh" name="fresh" type="password" autocomplete="new-password" ref={focused} required />
      <label for="again">The same again</label>
      <input id="again" name="again" type="password" autocomplete="new-password" required />
      <Problem text={differ ? "The two differ: once more" : problem} />
      <button type="submit">Register</button>
      <button type="button" class="second" onClick={other}>Another name</button>
    </form>
  );
}

/** What went wrong, said to everybody. */
export function Problem({ text }: { readonly text: string | undefined }) {
  return <p role="alert" class="problem">{sanitise(text ?? "", { lines: "escape" })}</p>;
}

function trouble({ why, retryMs }: Question & { kind: "password" }): string {
  if (why === "wrong") return "That password is wrong";
  if (why === "throttled") {
    return `Too many wrong passwords: wait ${Math.ceil((retryMs ?? 0) / 1_000)} s before the next try`;
  }
  return "";
}

/** What stands in a field of the form that is being sent. */
export function valueOf(event: Submit, field: string): string {
  event.preventDefault();
  return (event.currentTarget.elements.namedItem(field) as HTMLInputElement).value;
}
