import { isUnderWay, type Transfer } from "./files/transfer.ts";
import { sanitiseName } from "./sanitise.ts";
import { sizeText } from "./size_text.ts";

/** Cells of the bar. */
const BAR = 12;

/** What has become of a file, as one line; nothing where only a bar moves. */
export function transferNews(transfer: Transfer): string | undefined {
  const { state, number, to, message } = transfer;
  const name = shown(transfer);
  switch (state) {
    case "offered": {
      const where = to.startsWith("#") ? ` in ${to}` : "";
      return `${transfer.from} offers ${name} (${
        sizeText(transfer.size)
      })${where}: /accept ${number} saves it`;
    }
    case "sent":
      return `${name} is sent: ${
        to.startsWith("#") ? `all in ${to}` : to.slice(1)
      } can fetch it, and you may leave`;
    case "fetched":
      return `${message} has fetched ${name}`;
    case "saved":
      return `${name} is saved as ${transfer.path}`;
    case "cancelled":
      return `${name} is cancelled`;
    case "failed":
      return `${name} did not arrive: ${message}`;
    case "waiting":
      return `${name} waits for the connection, and goes on by itself`;
    case "reading":
    case "sending":
    case "receiving":
      return undefined;
    default:
      return state satisfies never;
  }
}

/** How far it is, with a bar: what is done and how much there is, percent, rate, time left. */
export function transferBar(transfer: Transfer): string {
  const { direction, number, to, from, size, done, state, rate } = transfer;
  const whom = direction === "out" ? `to ${to.startsWith("@") ? to.slice(1) : to}` : `from ${from}`;
  const head = `${number} ${shown(transfer)} ${whom}`;
  if (state === "reading") return `${head}: reading it`;
  if (state === "waiting") return `${head}: waiting for the connection`;
  const part = size === 0 ? 1 : done / size;
  const full = Math.floor(part * BAR);
  const bar = `[${"#".repeat(full)}${"-".repeat(BAR - full)}]`;
  const speed = rate === undefined || rate <= 0
    ? ""
    : `, ${sizeText(rate)}/s, ${left((size - done) / rate)} left`;
  return `${head} ${bar} ${sizeText(done)}/${sizeText(size)}, ${Math.floor(part * 100)} %${speed}`;
}

/** One line of `/transfers`. */
export function transferLine(transfer: Transfer): string {
  if (isUnderWay(transfer)) return transferBar(transfer);
  return `${transfer.number}: ${transferNews(transfer)}`;
}

/** The name, and its kind once more where it has several or is cut: nobody shall take a program for a picture. */
function shown({ name }: Transfer): string {
  const kinds = name.split(".").slice(1);
  const safe = sanitiseName(name);
  const apart = kinds.length > 1 || kinds.length === 1 && !safe.endsWith(`.${kinds[0]}`);
  return apart ? `${safe} [.${sanitiseName(kinds.at(-1)!)}]` : safe;
}

function left(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
