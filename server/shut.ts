/** Closes a socket, also one that is closed already. */
export function shut(socket: Pick<Deno.Conn, "close">): void {
  try {
    socket.close();
  } catch { /* closed already */ }
}
