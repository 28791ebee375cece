import { token } from "./link.ts";
import { complain } from "./store.ts";

/** Sends files that were dropped or chosen, to the conversation `to`. */
export function dropFiles(files: Iterable<File>, to: string): void {
  for (const file of files) void hand(file, to).catch(({ message }: Error) => complain(to, message));
}

async function hand(file: File, to: string): Promise<void> {
  const about = new URLSearchParams({ to, name: file.name });
  const answer = await fetch(`/files?${about}`, {
    method: "POST",
    headers: { "content-type": "application/octet-stream", "x-chat-token": token() ?? "" },
    body: file,
  });
  if (!answer.ok) throw new Error(await answer.text() || `${file.name} could not be sent`);
}
