const P = 2n ** 255n - 19n;
/** The order of Ed25519: what a signature holds to has to be less. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

/** Points of X25519 with which nothing but zero is agreed on, in all ways they can be written (Wycheproof has them, too). */
export const X25519: Readonly<Record<string, Uint8Array>> = {
  "0": point(0n),
  "1": point(1n),
  "of order 8": Uint8Array.fromHex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
  "of order 8, the other": Uint8Array.fromHex(
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  ),
  "p - 1": point(P - 1n),
  "p": point(P),
  "p + 1": point(P + 1n),
  "0 with its highest bit": point(2n ** 255n),
  "1 with its highest bit": point(2n ** 255n + 1n),
};

/** Keys of Ed25519 under which a signature holds for much, or that are written in a way that nobody writes. */
export const ED25519: Readonly<Record<string, Uint8Array>> = {
  "all zeros": point(0n),
  "the neutral point": point(1n),
  "of order 2": point(P - 1n),
  "of order 8": Uint8Array.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
  "of order 8, the other": Uint8Array.fromHex(
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  ),
  "of order 8, with its sign": Uint8Array.fromHex(
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  ),
  "p for 0": point(P),
  "p + 1 for 1": point(P + 1n),
  "the neutral point with a sign": point(2n ** 255n + 1n),
  "no point at all": point(2n),
};

/** The same signature, with what nobody has to write. */
export function pastTheOrder(signature: Uint8Array): Uint8Array {
  const s = BigInt(`0x${signature.slice(32).toReversed().toHex()}`) + L;
  return new Uint8Array([...signature.slice(0, 32), ...point(s)]);
}

/** A number in 32 bytes, the lowest first. */
export function point(value: bigint): Uint8Array {
  return Uint8Array.fromHex(value.toString(16).padStart(64, "0")).reverse();
}
