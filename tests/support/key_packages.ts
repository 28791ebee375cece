import {
  type CiphersuiteImpl,
  defaultCredentialTypes,
  encode,
  generateKeyPackageWithKey,
  getCiphersuiteImpl,
  type KeyPackage,
  keyPackageEncoder,
} from "ts-mls";
import { text } from "./mitm.ts";

const SUITE = "MLS_256_XWING_AES256GCM_SHA512_Ed25519";
const SIGNATURE_BYTES = 64;

/** What is done to a key package before its maker signs it, as if nothing were wrong with it. */
export type Change = (made: KeyPackage) => Partial<Omit<KeyPackage, "leafNode">> & {
  readonly leafNode?: Partial<KeyPackage["leafNode"]>;
};

interface Pair {
  readonly signKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** A device that signs whatever it likes. */
export class RogueDevice {
  readonly id = "R".repeat(21) + "A";
  readonly key: string;
  readonly #suite: CiphersuiteImpl;
  readonly #pair: Pair;
  readonly #member: string;

  private constructor(suite: CiphersuiteImpl, pair: Pair, name: string) {
    this.#suite = suite;
    this.#pair = pair;
    this.key = text(pair.publicKey);
    this.#member = `${name}\n${this.id}`;
  }

  static async make(name: string): Promise<RogueDevice> {
    const suite = await getCiphersuiteImpl(SUITE);
    return new RogueDevice(suite, await suite.signature.keygen(), name);
  }

  async made(): Promise<KeyPackage> {
    const identity = new TextEncoder().encode(this.#member);
    const { publicPackage } = await generateKeyPackageWithKey({
      credential: { credentialType: defaultCredentialTypes.basic, identity },
      signatureKeyPair: this.#pair,
      cipherSuite: this.#suite,
    });
    return publicPackage;
  }

  /** A package with that changed, signed anew; in base64url, its version before it. */
  async signed(change: Change): Promise<string> {
    const made = await this.made();
    const changed = change(made);
    const open = { ...made, ...changed, leafNode: { ...made.leafNode, ...changed.leafNode } } as KeyPackage;
    const inner = await this.#sign("LeafNodeTBS", leafBytes(open));
    const leaf = { ...open, leafNode: { ...open.leafNode, signature: inner } } as KeyPackage;
    const whole = encode(keyPackageEncoder, leaf).slice(0, -sized(leaf.signature.length));
    return written({ ...leaf, signature: await this.#sign("KeyPackageTBS", whole) });
  }

  async #sign(label: string, content: Uint8Array): Promise<Uint8Array> {
    const name = new TextEncoder().encode(`MLS 1.0 ${label}`);
    const bytes = new Uint8Array([...prefix(name.length), ...name, ...prefix(content.length), ...content]);
    return await this.#suite.signature.sign(this.#pair.signKey, bytes);
  }
}

/** As it is published. */
export function written(made: KeyPackage): string {
  return text(new Uint8Array([1, ...encode(keyPackageEncoder, made)]));
}

/** What is signed of the leaf in a package. */
function leafBytes(made: KeyPackage): Uint8Array {
  const signature = crypto.getRandomValues(new Uint8Array(SIGNATURE_BYTES));
  const bytes = encode(
    keyPackageEncoder,
    { ...made, leafNode: { ...made.leafNode, signature } } as KeyPackage,
  );
  const end = bytes.findIndex((_, at) => signature.every((byte, i) => bytes[at + i] === byte));
  return bytes.slice(4 + sized(made.initKey.length), end - prefix(SIGNATURE_BYTES).length);
}

/** So many bytes as they are written, their number before them. */
function sized(length: number): number {
  return prefix(length).length + length;
}

function prefix(length: number): number[] {
  return length < 64 ? [length] : [0x40 | length >> 8, length & 0xff];
}
