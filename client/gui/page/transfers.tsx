import { isUnderWay, type Transfer } from "../../files/transfer.ts";
import { transferBar, transferNews } from "../../transfer_text.ts";
import { ask } from "./link.ts";
import { chat, complain, dismissed } from "./store.ts";

/** The files of a conversation that are offered, move, or have just arrived. */
export function Transfers({ to }: { readonly to: string }) {
  const here = chat.value.transfers.filter((each) =>
    each.to === to && each.state !== "cancelled" && !dismissed.value.has(keyOf(each))
  );
  if (here.length === 0) return null;
  return (
    <ul class="transfers" aria-label="Files">
      {here.slice(-5).map((transfer) => (
        <li key={transfer.number}>
          <span>{textOf(transfer)}</span>
          {isUnderWay(transfer)
            ? (
              <progress
                max={1}
                value={transfer.size === 0 ? 0 : transfer.done / transfer.size}
                aria-label={transfer.name}
              />
            )
            : null}
          <Buttons transfer={transfer} />
        </li>
      ))}
    </ul>
  );
}

function Buttons({ transfer }: { readonly transfer: Transfer }) {
  const { number, state, direction, to, name } = transfer;
  const failed = ({ message }: { readonly message: string }) => complain(to, message);
  const accept = () => void ask({ kind: "accept", transfer: number }).catch(failed);
  const cancel = () => void ask({ kind: "cancel", transfer: number }).catch(failed);
  const dismiss = () => dismissed.value = new Set([...dismissed.value, keyOf(transfer)]);
  if (isUnderWay(transfer)) return <button type="button" class="second" onClick={cancel}>Cancel</button>;
  const again = state === "failed" && direction === "in";
  return (
    <>
      {state === "offered" || again
        ? <button type="button" onClick={accept}>{again ? "Try again" : `Save ${name}`}</button>
        : null}
      <button type="button" class="second" aria-label={`Dismiss ${name}`} onClick={dismiss}>Dismiss</button>
    </>
  );
}

/** What happens to it later is worth another look. */
function keyOf({ number, state }: Transfer): string {
  return `${number} ${state}`;
}

function textOf(transfer: Transfer): string {
  const news = transferNews(transfer);
  if (news === undefined) return transferBar(transfer).replace(/ \[[#-]*\]/, "");
  return transfer.state === "offered" ? news.replace(/: \/accept \d+ saves it$/, "") : news;
}
