import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { cipher, native, portable } from "../client/files/cipher.ts";
import { newKey, Opener, PIECE_BYTES, Sealer } from "../client/files/pieces.ts";

const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
const text = new TextEncoder().encode(
  "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
);

function opened(
  by: typeof cipher,
  key: Uint8Array<ArrayBuffer>,
  nonce: Uint8Array<ArrayBuffer>,
  all: Uint8Array,
): Uint8Array | undefined {
  const into = new Uint8Array(Math.max(0, all.length - 16));
  return by.open(key, nonce, all, into) ? into : undefined;
}

function sealed(
  by: typeof cipher,
  key: Uint8Array<ArrayBuffer>,
  nonce: Uint8Array<ArrayBuffer>,
  plain: Uint8Array,
) {
  const into = new Uint8Array(plain.length + 16);
  by.seal(key, nonce, plain, into);
  return into;
}

Deno.test("this runtime has the cipher of files built in", () => assertEquals(cipher, native));

Deno.test("the ciphers of files are ChaCha20-Poly1305, by the vector of RFC 8439 without additional data", () => {
  const key = Uint8Array.from({ length: 32 }, (_, i) => 0x80 + i);
  const nonce = Uint8Array.from([7, 0, 0, 0, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47]);
  for (const by of [native, portable]) {
    const all = sealed(by, key, nonce, text);
    assert(all.subarray(0, 16).toHex() === "d31a8d34648e60db7b86afbc53ef7ec2"); // section 2.8.2
    assertEquals(opened(by, key, nonce, all), text);
  }
});

Deno.test("both ciphers of files say the same, and open what the other one sealed; a changed bit opens nothing", () => {
  fc.assert(fc.property(
    bytes(32),
    bytes(12),
    fc.uint8Array({ maxLength: 300 }),
    fc.nat(),
    (key, nonce, plain, where) => {
      const [k, n] = [new Uint8Array(key), new Uint8Array(nonce)];
      const all = sealed(native, k, n, plain);
      assertEquals(sealed(portable, k, n, plain), all);
      const other = all.slice();
      other[where % other.length]! ^= 1 << where % 8;
      for (const by of [native, portable]) {
        assertEquals(opened(by, k, n, all), new Uint8Array(plain));
        assertEquals(opened(by, k, n, other), undefined);
        assertEquals(opened(by, k, n, all.subarray(0, where % 16)), undefined);
      }
    },
  ));
});

Deno.test("a piece opens at its place only; each attempt seals under a key of its own", () => {
  const key = newKey();
  const size = 2 * PIECE_BYTES; // and the hash: three pieces
  const plain = crypto.getRandomValues(new Uint8Array(1_000));
  const seal = (sealer: Sealer, number: number) => {
    const into = new Uint8Array(2_000);
    return into.slice(0, sealer.seal(number, plain, into));
  };
  const [one, other] = [new Sealer(key, size), new Sealer(key, size)];
  const opener = new Opener(key, size);
  const all = [0, 1, 2].flatMap((number) => [one, other].map((by) => ({ number, bytes: seal(by, number) })));
  assertEquals(
    new Set(all.map(({ bytes }) => bytes.subarray(16).toHex())).size,
    6,
    "nothing is the same twice",
  );
  for (const { number, bytes } of all) {
    for (let at = 0; at < 4; at++) {
      const opened = opener.open(at, bytes);
      assertEquals(opened && new Uint8Array(opened), at === number ? plain : undefined);
    }
    assertEquals(new Opener(newKey(), size).open(number, bytes), undefined);
    assertEquals(
      new Opener(key, size + PIECE_BYTES).open(number, bytes) !== undefined,
      number < 2,
      "the last is marked",
    );
  }
});
