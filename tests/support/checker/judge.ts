import { Findings, type Violation } from "./findings.ts";
import type { History, Line } from "./history.ts";
import { Ledger } from "./ledger.ts";
import { Member } from "./member.ts";
import { Sends } from "./sends.ts";

/** How much happened: a history in which nothing happened proves nothing. */
export interface Counts {
  readonly lines: number;
  readonly clients: number;
  readonly lives: number;
  readonly attempts: number;
  readonly acks: number;
  readonly refusals: number;
  readonly shows: number;
  /** Shown once more to a client that had been killed before it could remember. */
  readonly reshown: number;
  readonly gaps: number;
  readonly resent: number;
  /** Of what was resent: answered with the original entry. */
  readonly duplicates: number;
  readonly entries: number;
  readonly conversations: number;
}

/** What was found out about a history. */
export interface Judgement {
  readonly violations: readonly Violation[];
  readonly counts: Counts;
}

/** How long a client may take to remember, for its next life, what it has shown: only the very last act may be lost. */
const LAG_US = 0;

/**
 * Whether what clients attempted, were told and showed, and what is stored, keeps the promises of delivery: durable, once,
 * genuine, in one order, in each sender's order and in that of real time, complete, isolated. Looks at each line once.
 */
export function judge({ lines, dump }: History, { lagUs = LAG_US } = {}): Judgement {
  const findings = new Findings();
  const ledger = new Ledger(dump, findings);
  const sends = new Sends(findings);
  const members = new Map<string, Member>();
  const counts = new Map<Line["kind"], number>();
  for (const line of inTime(lines)) {
    const member = members.get(line.client) ?? new Member(line.client, findings, { lagUs });
    members.set(line.client, member);
    take(line, { member, sends, ledger });
    member.heard(line);
    counts.set(line.kind, (counts.get(line.kind) ?? 0) + 1);
  }
  const lives = new Map(Array.from(members, ([client, member]) => [client, member.lives]));
  sends.judge(ledger, { lives });
  for (const member of members.values()) {
    member.judge(ledger, ({ from, id }) => sends.attempted(from, id));
  }
  const views = Array.from(members.values()).flatMap((member) => Array.from(member.views));
  const count = (kind: Line["kind"]) => counts.get(kind) ?? 0;
  return {
    violations: findings.violations,
    counts: {
      lines: lines.length,
      clients: members.size,
      lives: count("start"),
      attempts: sends.size,
      acks: count("ack"),
      refusals: count("refused"),
      shows: count("show"),
      reshown: views.reduce((sum, { reshown }) => sum + reshown, 0),
      gaps: count("gap"),
      resent: sends.resent,
      duplicates: sends.duplicates,
      entries: dump.entries.length,
      conversations: ledger.conversations.length,
    },
  };
}

/** What one line says, to those whom it concerns. */
function take(line: Line, world: { member: Member; sends: Sends; ledger: Ledger }): void {
  const { member, sends, ledger } = world;
  switch (line.kind) {
    case "start":
      return member.start(line);
    case "attempt":
      return sends.attempt(line, member.name, member.lives);
    case "kept":
    case "sent":
      return sends.went(line, member.name);
    case "ack":
      return sends.ack(line);
    case "refused":
      return sends.refused(line, member.name);
    case "show":
      sends.tell(line.conversation, line.seq);
      member.show(line);
      return ledger.show(line, line.client);
    case "gap":
      return member.gap(line);
    case "online":
      return member.online(line);
    case "joined":
      return member.joined(line);
    case "left":
      return member.left(line);
    case "offline":
    case "quiet":
    case "end":
      return;
    default:
      return line satisfies never;
  }
}

/** All lines in the order of time; those of one client stay in their order. */
function inTime(lines: readonly Line[]): readonly Line[] {
  return lines.toSorted((one, other) => one.t - other.t);
}
