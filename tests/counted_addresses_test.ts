import { assertEquals } from "@std/assert";
import { networkTest } from "./support/needs.ts";
import { Place } from "./support/network.ts";
import { Served } from "./support/served.ts";

const MAIN = new URL("../main.ts", import.meta.url).pathname;
const CHAT = [Deno.execPath(), "run", "--quiet", "-A", MAIN];

/** Opens connections from addresses, one after the other, and prints which are let in; all stay until the end. */
const CONNECT = `
import socket, sys
here = []
for address in sys.argv[2:]:
    to = "127.0.0.1" if "." in address else "::1"
    line = socket.create_connection((to, int(sys.argv[1])), source_address=(address, 0))
    hello = b'{"type":"hello","protocol":1,"name":"n%d"}' % len(here)
    line.sendall(len(hello).to_bytes(4, "big") + hello)
    print("ip_limit" if b"ip_limit" in line.recv(65536) else "in")
    here.append(line)
`;

networkTest(
  ["python3"],
  "[J08] [B03] in IPv6 a network counts as one address, in IPv4 an address does",
  async () => {
    await using place = await Place.open();
    await place.do("ip", "link", "set", "lo", "up");
    const one = ["fd77::1", "fd77::2", "fd77::ffff:3", "fd77::4"];
    const others = ["fd77:0:0:1::1", "127.0.0.2", "127.0.0.3"];
    for (const address of [...one, others[0]!]) {
      await place.do(
        "ip",
        "address",
        "add",
        `${address}/128`,
        "dev",
        "lo",
      );
    }
    const server = await Served.start([...place.prefix, ...CHAT], "--host", "::", "--per-address", "2");
    await using _server = server;
    const told = await place.do("python3", "-c", CONNECT, `${server.port}`, ...one, ...others);
    assertEquals(told.trim().split("\n"), ["in", "in", "ip_limit", "ip_limit", "in", "in", "in"]);
  },
);
