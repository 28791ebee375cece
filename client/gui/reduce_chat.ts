import type { Transfer } from "../files/transfer.ts";
import type { ChatState, Conversation } from "./chat_state.ts";
import { add, discard, merge, moved, queue, refuse, without } from "./conversation_steps.ts";
import type { News } from "./news.ts";

/** Notices that are kept. */
const NOTICES = 5;

/** The state after a piece of news: pure, and the same wherever it is worked out. What did not change stays the same object. */
export function reduceChat(state: ChatState, news: News): ChatState {
  switch (news.kind) {
    case "online":
      return online(state, news);
    case "nameWanted":
      return { ...state, phase: "asking", question: { kind: "name" } };
    case "named":
      return { ...state, phase: "connecting", name: news.name, question: null, trouble: null };
    case "nameRefused":
      return { ...state, phase: "asking", question: { kind: "name", message: news.message } };
    case "passwordWanted": {
      const { why, message, retryMs } = news;
      const question = {
        kind: "password",
        why,
        message,
        ...retryMs === undefined ? {} : { retryMs },
      } as const;
      return { ...state, phase: "asking", name: news.name, question };
    }
    case "account":
      return { ...state, account: news.role };
    case "offline":
      return { ...state, phase: "offline", trouble: news.why };
    case "ended":
      return { ...state, phase: "ended", trouble: news.message, question: null };
    case "privacy":
      return change(state, `@${news.with}`, (found) => ({ ...found, privacy: news.privacy }));
    case "transfer":
      return { ...state, transfers: withTransfer(state.transfers, news.transfer) };
    case "notice":
    case "keys":
    case "notSaved":
      return noticed(state, news.message);
    case "entry":
      return change(state, news.to, (found) => add(found, news.entry, news.mine));
    case "page":
      return change(state, news.to, (found) => merge(found, news));
    case "gap":
      return change(state, news.to, (found) => ({
        ...found,
        gaps: [...found.gaps, { from: news.from, until: news.until, why: news.why }],
        last: Math.max(found.last, news.until),
      }));
    case "read":
      return change(state, news.to, (found) => ({ ...found, read: Math.max(found.read, news.seq) }));
    case "receipt":
      return change(state, `@${news.with}`, (found) => ({
        ...found,
        [news.status]: Math.max(found[news.status], news.seq),
      }));
    case "queued":
      return change(state, news.draft.to, (found) => queue(found, news.draft));
    case "refused":
      return change(state, news.draft.to, (found) => refuse(found, news));
    case "discarded":
      return changeAll(state, (found) => discard(found, news.id));
    case "joined":
    case "left":
      if (news.kind === "left" && news.user === state.name) return without(state, `#${news.room}`);
      return change(state, `#${news.room}`, (found) => moved(found, news, news.user === state.name));
    case "users":
      return change(state, `#${news.room}`, (found) => ({ ...found, users: news.users }));
    case "opened":
      return change(state, news.to, (found) => found);
    case "draft":
      return change(state, news.to, (found) => ({ ...found, draft: news.text }));
    case "level":
      return change(state, news.to, (found) => ({ ...found, level: news.level }));
    default:
      return news satisfies never;
  }
}

function online(state: ChatState, news: News & { kind: "online" }): ChatState {
  const { name, account, log, rooms, read } = news;
  const afresh = log === "new" ? changeAll(state, forget) : state;
  const marks = new Map(read);
  let next: ChatState = {
    ...changeAll(afresh, (found) => found.to.startsWith("#") ? { ...found, member: false } : found),
    phase: "online",
    name,
    account,
    question: null,
    trouble: null,
  };
  for (const { room, seq, users } of rooms) {
    const to = `#${room}`;
    const known = state.conversations[to] !== undefined;
    next = change(next, to, (found) => ({
      ...found,
      member: true,
      users,
      last: Math.max(found.last, seq),
      // What was said before one first came is nothing that one has missed.
      read: known || marks.has(to) ? found.read : seq,
    }));
  }
  for (const [to, seq] of marks) {
    if (to.startsWith("#") && next.conversations[to] === undefined) continue;
    next = change(next, to, (found) => ({ ...found, read: Math.max(found.read, seq) }));
  }
  return next;
}

/** The server has started afresh: what was numbered there has other numbers now. */
function forget(found: Conversation): Conversation {
  const { to, member, users, outgoing, draft, level, privacy } = found;
  return { ...fresh(to), member, users, outgoing, draft, level, privacy };
}

function fresh(to: string): Conversation {
  const room = to.startsWith("#");
  return {
    to,
    member: !room,
    users: [],
    entries: [],
    opened: false,
    more: true,
    gaps: [],
    last: 0,
    read: 0,
    delivered: 0,
    kept: 0,
    outgoing: [],
    draft: "",
    level: room ? "mentions" : "all",
    privacy: "plain",
  };
}

function change(state: ChatState, to: string, by: (found: Conversation) => Conversation): ChatState {
  const known = state.conversations[to];
  const found = known ?? fresh(to);
  const changed = by(found);
  if (changed === known) return state;
  return { ...state, conversations: { ...state.conversations, [to]: changed } };
}

function changeAll(state: ChatState, by: (found: Conversation) => Conversation): ChatState {
  const changed = Object.entries(state.conversations).map(([to, found]) => [to, by(found)] as const);
  return { ...state, conversations: Object.fromEntries(changed) };
}

function noticed(state: ChatState, text: string): ChatState {
  const id = (state.notices.at(-1)?.id ?? 0) + 1;
  return { ...state, notices: [...state.notices, { id, text }].slice(-NOTICES) };
}

/** The newest word on each. */
function withTransfer(all: readonly Transfer[], news: Transfer): readonly Transfer[] {
  const known = all.some(({ number }) => number === news.number);
  return known ? all.map((each) => each.number === news.number ? news : each) : [...all, news];
}
