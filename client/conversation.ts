/** A conversation as front ends name it, `"#room"` or `"@name"`, from the name it has on the wire. */
export function conversation(room: string): string {
  return room.startsWith("@") ? room : `#${room}`;
}

/** The other way round. */
export function onWire(to: string): string {
  return to.startsWith("#") ? to.slice(1) : to;
}
