import {
  acceptAll,
  type CiphersuiteImpl,
  type ClientState,
  clientStateDecoder,
  clientStateEncoder,
  createApplicationMessage,
  createCommit,
  createGroup,
  decode,
  defaultCredentialTypes,
  defaultProposalTypes,
  encode,
  generateKeyPackageWithKey,
  getCiphersuiteImpl,
  joinGroup,
  type KeyPackage,
  keyPackageDecoder,
  keyPackageEncoder,
  makeKeyPackageRef,
  type MlsContext,
  mlsMessageDecoder,
  mlsMessageEncoder,
  privateKeyPackageDecoder,
  privateKeyPackageEncoder,
  processMessage,
  protocolVersions,
  wireformats,
  zeroOutUint8Array,
} from "ts-mls";
import { fromUtf8, toText, utf8 } from "./encoding.ts";
import { CONFIG } from "./mls_config.ts";
import { isSoundKemKey } from "./sound_kem.ts";

/** Post-quantum and ordinary key exchange together; signatures are ordinary ones. */
const SUITE = "MLS_256_XWING_AES256GCM_SHA512_Ed25519";
/** What comes before a key package, so that another way of sealing can be told from this one. */
const VERSION = 1;
/** Nobody is out of reach because he was away for long, or because a clock is wrong: statements say what is good. */
const FOR_EVER = { notBefore: 0n, notAfter: 2n ** 53n };

/** Who may be in a group: the keys of devices, by the names they have in MLS. */
export type Members = ReadonlyMap<string, string>;

/** A pair of Ed25519 keys, as they are stored. */
export interface KeyPair {
  readonly publicKey: Uint8Array;
  readonly signKey: Uint8Array;
}

/** Both halves of a key package, and how a Welcome names it. */
export interface Packaged {
  readonly ref: string;
  readonly publicPart: Uint8Array;
  readonly privatePart: Uint8Array;
}

/** MLS (RFC 9420) by a library; all that is used of it is here. */
export class Mls {
  readonly suite: CiphersuiteImpl;

  private constructor(suite: CiphersuiteImpl) {
    this.suite = suite;
  }

  static async open(): Promise<Mls> {
    return new Mls(await getCiphersuiteImpl(SUITE));
  }

  /** A pair of Ed25519 keys. */
  async pair(): Promise<KeyPair> {
    return await this.suite.signature.keygen();
  }

  async packageFor(member: string, pair: KeyPair): Promise<Packaged> {
    const made = await generateKeyPackageWithKey({
      credential: { credentialType: defaultCredentialTypes.basic, identity: utf8(member) },
      signatureKeyPair: pair,
      cipherSuite: this.suite,
      // Nothing by chance, which the library would add: the same for all, also in length.
      capabilities: {
        versions: [protocolVersions.mls10],
        ciphersuites: [this.suite.id],
        credentials: [defaultCredentialTypes.basic],
        extensions: [],
        proposals: [],
      },
      extensions: [],
      lifetime: FOR_EVER,
    });
    const ref = await makeKeyPackageRef(made.publicPackage, this.suite.hash);
    const bytes = encode(keyPackageEncoder, made.publicPackage);
    const publicPart = new Uint8Array(1 + bytes.length);
    publicPart[0] = VERSION;
    publicPart.set(bytes, 1);
    return {
      ref: toText(ref),
      publicPart,
      privatePart: encode(privateKeyPackageEncoder, made.privatePackage),
    };
  }

  /** Makes a group of `mine` and whoever the packages belong to; throws where one of them is none of `members`. */
  async start(
    group: Uint8Array,
    mine: Packaged,
    theirs: readonly Uint8Array[],
    members: Members,
  ): Promise<{ readonly state: Uint8Array; readonly welcome: Uint8Array }> {
    const context = this.#context(members);
    const state = await createGroup({
      context,
      groupId: group,
      keyPackage: readPackage(mine.publicPart),
      privateKeyPackage: present(decode(privateKeyPackageDecoder, mine.privatePart)),
    });
    const extraProposals = theirs.map((each) => ({
      proposalType: defaultProposalTypes.add,
      add: { keyPackage: readPackage(each) },
    }));
    const made = await createCommit({ context, state, ratchetTreeExtension: true, extraProposals });
    made.consumed.forEach(zeroOutUint8Array);
    const welcome = made.welcome === undefined ? new Uint8Array(0) : encode(mlsMessageEncoder, made.welcome);
    return { state: encode(clientStateEncoder, made.newState), welcome };
  }

  /** How the packages are named that a Welcome is for; nothing where it is none. */
  invited(welcome: Uint8Array): readonly string[] {
    const message = decode(mlsMessageDecoder, welcome);
    if (message?.wireformat !== wireformats.mls_welcome) return [];
    if (message.welcome.cipherSuite !== this.suite.id) return [];
    return message.welcome.secrets.map(({ newMember }) => toText(newMember));
  }

  /** Joins; throws where the Welcome is not whole, or somebody in the group is none of `members`. */
  async join(welcome: Uint8Array, mine: Packaged, members: Members): Promise<Uint8Array> {
    const message = decode(mlsMessageDecoder, welcome);
    if (message?.wireformat !== wireformats.mls_welcome) throw new Error("not a welcome");
    const state = await joinGroup({
      context: this.#context(members),
      welcome: message.welcome,
      keyPackage: readPackage(mine.publicPart),
      privateKeys: present(decode(privateKeyPackageDecoder, mine.privatePart)),
    });
    return encode(clientStateEncoder, state);
  }

  /** Encrypts; the state before must not be used again. */
  async send(
    state: Uint8Array,
    plain: Uint8Array,
  ): Promise<{ readonly state: Uint8Array; readonly message: Uint8Array }> {
    const sent = await createApplicationMessage({
      context: this.#context(new Map()),
      state: stateIn(state),
      message: plain,
    });
    sent.consumed.forEach(zeroOutUint8Array);
    return {
      state: encode(clientStateEncoder, sent.newState),
      message: encode(mlsMessageEncoder, sent.message),
    };
  }

  /** Decrypts a message of the group; throws where it is none, or was had before. */
  async receive(
    state: Uint8Array,
    bytes: Uint8Array,
  ): Promise<{ readonly state: Uint8Array; readonly plain: Uint8Array }> {
    const message = decode(mlsMessageDecoder, bytes);
    if (message?.wireformat !== wireformats.mls_private_message) throw new Error("not a message");
    const context = this.#context(new Map());
    const got = await processMessage({ context, state: stateIn(state), message, callback: acceptAll });
    got.consumed.forEach(zeroOutUint8Array);
    if (got.kind !== "applicationMessage") {
      throw new Error("only its maker changes a group, and nobody by a message");
    }
    return { state: encode(clientStateEncoder, got.newState), plain: got.message };
  }

  #context(members: Members): MlsContext {
    return {
      cipherSuite: this.suite,
      clientConfig: CONFIG,
      authService: {
        validateCredential: (credential, key) => {
          if (credential.credentialType !== defaultCredentialTypes.basic || !("identity" in credential)) {
            return Promise.resolve(false);
          }
          return Promise.resolve(members.get(fromUtf8(credential.identity as Uint8Array)) === toText(key));
        },
      },
    };
  }
}

function readPackage(bytes: Uint8Array): KeyPackage {
  if (bytes[0] !== VERSION) throw new Error("a key package for another way of sealing");
  const read = present(decode(keyPackageDecoder, bytes.subarray(1)));
  if (!equal(encode(keyPackageEncoder, read), bytes.subarray(1))) throw new Error("more than a key package");
  const { initKey, leafNode: { hpkePublicKey } } = read;
  if (!isSoundKemKey(initKey) || !isSoundKemKey(hpkePublicKey)) throw new Error("a key that is none");
  return read;
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}

/** Of a copy: what a step uses up is wiped where it lies, also when nothing comes of the step. */
function stateIn(bytes: Uint8Array): ClientState {
  return present(decode(clientStateDecoder, bytes.slice()));
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("cannot be read");
  return value;
}
