import type { ComponentChildren, TargetedEvent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { sanitise } from "../../sanitise.ts";
import type { DeviceView } from "../../../protocol/schema.ts";
import type { ChatState } from "../chat_state.ts";
import type { Wish } from "../wish.ts";
import { ask } from "./link.ts";
import { Problem, valueOf } from "./sign_in.tsx";
import { whenOf } from "./when.ts";

type Submit = TargetedEvent<HTMLFormElement, SubmitEvent>;

/** What one can do about one's account, or towards one. */
export function AccountSettings({ account, name }: Pick<ChatState, "account" | "name">) {
  if (account === null) return <Register name={name} />;
  return (
    <section>
      <h3>Account</h3>
      <p>
        <bdi>{name}</bdi> is your account{account === "owner" ? ", and the server's owner" : ""}.
      </p>
      <Fold title="Change the password">
        <Change />
      </Fold>
      <Fold title="Devices">
        <Devices />
      </Fold>
      <Fold title="Give the account up">
        <GiveUp name={name} />
      </Fold>
    </section>
  );
}

/** What is there only once it is opened. */
function Fold({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      {open ? children : null}
    </details>
  );
}

/** Asks, and keeps what came of it: `done` once it is done, else what went wrong. */
function useWish() {
  const [outcome, setOutcome] = useState({ done: false, problem: "" });
  const wish = (wanted: Wish) => {
    setOutcome({ done: false, problem: "" });
    ask(wanted).then(
      () => setOutcome({ done: true, problem: "" }),
      ({ message }: { message: string }) => setOutcome({ done: false, problem: message }),
    );
  };
  return { ...outcome, wish, fail: (problem: string) => setOutcome({ done: false, problem }) };
}

function Register({ name }: { readonly name: string }) {
  const { problem, wish, fail } = useWish();
  const submit = (event: Submit) => {
    const password = twice(event, fail);
    if (password === undefined) return;
    const claim = valueOf(event, "claim").trim();
    wish({ kind: "register", password, ...claim === "" ? {} : { claim } });
  };
  return (
    <section>
      <h3>Account</h3>
      <p>
        You are a guest. With a password nobody else can use the name <bdi>{name}</bdi>.
      </p>
      <form onSubmit={submit}>
        <FreshTwice />
        <label for="claim">Owner code (optional)</label>
        <input id="claim" name="claim" autocomplete="off" maxLength={64} />
        <Problem text={problem} />
        <button type="submit">Make this name an account</button>
      </form>
    </section>
  );
}

function Change() {
  const { done, problem, wish, fail } = useWish();
  const submit = (event: Submit) => {
    const password = twice(event, fail);
    if (password !== undefined) wish({ kind: "passwd", old: valueOf(event, "old"), password });
  };
  if (done) return <p role="status">The password is changed; your other devices are signed out.</p>;
  return (
    <form onSubmit={submit}>
      <label for="old">The password until now</label>
      <input id="old" name="old" type="password" autocomplete="current-password" required />
      <FreshTwice />
      <Problem text={problem} />
      <button type="submit">Change it</button>
    </form>
  );
}

function FreshTwice() {
  return (
    <>
      <label for="fresh">New password</label>
      <input id="fresh" name="fresh" type="password" autocomplete="new-password" required />
      <label for="again">The same again</label>
      <input id="again" name="again" type="password" autocomplete="new-password" required />
    </>
  );
}

function Devices() {
  const [devices, setDevices] = useState<readonly DeviceView[]>([]);
  const [problem, setProblem] = useState("");
  const failed = ({ message }: { message: string }) => setProblem(message);
  const load = () => void ask({ kind: "devices" }).then(setDevices, failed);
  useEffect(load, []);
  const revoke = (device: number) => void ask({ kind: "revoke", device }).then(load, failed);
  return (
    <>
      <ul class="devices" aria-label="Devices">
        {devices.map(({ device, label, seen, here, current }) => (
          <li key={device}>
            <span>
              <bdi>{sanitise(label, { lines: "escape" })}</bdi>
              {current ? ", this one" : here ? ", connected" : `, last seen ${whenOf(seen)}`}
            </span>
            {current ? null : <button type="button" onClick={() => revoke(device)}>Sign out</button>}
          </li>
        ))}
      </ul>
      <Problem text={problem} />
    </>
  );
}

function GiveUp({ name }: { readonly name: string }) {
  const { problem, wish } = useWish();
  const submit = (event: Submit) => wish({ kind: "unregister", password: valueOf(event, "password") });
  return (
    <form onSubmit={submit}>
      <p>
        The account{" "}
        <bdi>{name}</bdi>, its devices, its rooms and what waits for it are gone then. What was said stays
        where it was said, and nobody can take the name for 90 days.
      </p>
      <label for="giveup">Password</label>
      <input id="giveup" name="password" type="password" autocomplete="current-password" required />
      <Problem text={problem} />
      <button type="submit" class="danger">Give the account up</button>
    </form>
  );
}

function twice(event: Submit, fail: (problem: string) => void): string | undefined {
  const password = valueOf(event, "fresh");
  if (password === valueOf(event, "again")) return password;
  fail("The two differ: once more");
  return undefined;
}
