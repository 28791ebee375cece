/** The field of Curve25519 and Ed25519: 2^255 - 19. */
const P = 2n ** 255n - 19n;
const KEY_BYTES = 32;
/** What is left of a coordinate without the sign that stands in its highest bit. */
const COORDINATE = 2n ** 255n - 1n;

/** `y` of the points of Ed25519 that are of small order, whatever their sign: under such a key many signatures hold. */
const SMALL_Y: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  P - 1n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
]);

/** `u` of those of Curve25519: whatever is agreed on with them is zero. */
const SMALL_U: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  P - 1n,
  0x00b8495f16056286fdb1329ceb8d09da6ac49ff1fae35616aeb8413b7c7aebe0n,
  0x57119fd0dd4e22d8868e1c58c45c44045bef839c55b1d0b1248c50a3bc959c5fn,
]);

/** Whether an Ed25519 key may be believed: 32 bytes, written in the one way there is, not of small order. */
export function isSoundEd25519(key: Uint8Array): boolean {
  return key.length === KEY_BYTES && isSound(key, SMALL_Y);
}

/** The same for an X25519 key. */
export function isSoundX25519(key: Uint8Array): boolean {
  return key.length === KEY_BYTES && isSound(key, SMALL_U);
}

function isSound(key: Uint8Array, small: ReadonlySet<bigint>): boolean {
  const coordinate = BigInt(`0x${key.toReversed().toHex()}`) & COORDINATE;
  return coordinate < P && !small.has(coordinate);
}
