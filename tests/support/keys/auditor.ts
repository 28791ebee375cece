import {
  acceptAll,
  type CiphersuiteImpl,
  type ClientState,
  decode,
  getCiphersuiteImpl,
  joinGroup,
  keyPackageDecoder,
  mlsMessageDecoder,
  privateKeyPackageDecoder,
  type PrivateMessage,
  processMessage,
  wireformats,
} from "ts-mls";
import { fromUtf8, toBytes, toText } from "../../../client/keys/encoding.ts";
import { readHeader, type Record } from "../../../client/keys/records.ts";
import { readSealed } from "../../../client/keys/sealed_form.ts";
import { senderData } from "./sender_data.ts";

type PackageRecord = Extract<Record, { kind: "package" }>;

/** Somebody who has the keys of one who is written to, and looks at how what is written was encrypted. */
export class Auditor {
  readonly #packages = new Map<string, PackageRecord>();
  readonly #groups = new Map<string, ClientState>();
  readonly #context;

  private constructor(suite: CiphersuiteImpl) {
    this.#context = {
      cipherSuite: suite,
      authService: { validateCredential: () => Promise.resolve(true) },
    };
  }

  static async open(): Promise<Auditor> {
    return new Auditor(await getCiphersuiteImpl("MLS_256_XWING_AES256GCM_SHA512_Ed25519"));
  }

  /** Has a look at the keys of one who is written to: those of packages that were used are gone later. */
  look(records: readonly Record[]): void {
    for (const record of records) if (record.kind === "package") this.#packages.set(record.ref, record);
  }

  /** Says what is wrong with ciphertexts, which stand in the order in which they were made. */
  async audit(all: Iterable<string>): Promise<string[]> {
    const seen = new Map<string, string>();
    const wrong: string[] = [];
    for (const sealed of new Set(all)) {
      try {
        for await (const used of this.#used(sealed)) {
          if (seen.has(used)) wrong.push(`used twice: ${used}`);
          seen.set(used, sealed);
        }
      } catch (error) {
        wrong.push(`cannot be opened: ${error}`);
      }
    }
    return wrong;
  }

  /** What a key and a nonce of one ciphertext come from: of its MLS message, and of its body, which always has the same nonce. */
  async *#used(sealed: string): AsyncGenerator<string> {
    const form = readSealed(sealed);
    if (form === undefined || form === "version") throw new Error("This is not sealed");
    const group = toText(form.group);
    if (form.welcome.length > 0) this.#groups.set(group, await this.#join(form.welcome));
    const state = this.#groups.get(group);
    const message = decode(mlsMessageDecoder, form.message);
    if (state === undefined || message?.wireformat !== wireformats.mls_private_message) {
      throw new Error("A message of a group that nobody was let into");
    }
    const { epoch, ...parts }: PrivateMessage = message.privateMessage;
    const { leaf, generation } = await senderData({ epoch, ...parts }, state.keySchedule.senderDataSecret);
    yield `group ${group}, epoch ${epoch}, leaf ${leaf}, generation ${generation}`;
    const got = await processMessage({ context: this.#context, state, message, callback: acceptAll });
    if (got.kind !== "applicationMessage") throw new Error("Not a message of an application");
    this.#groups.set(group, got.newState);
    yield `body key ${readHeader(fromUtf8(got.message)).key}`;
  }

  async #join(bytes: Uint8Array): Promise<ClientState> {
    const message = decode(mlsMessageDecoder, bytes);
    if (message?.wireformat !== wireformats.mls_welcome) throw new Error("Not a welcome");
    const { welcome } = message;
    const mine = welcome.secrets.map(({ newMember }) => this.#packages.get(toText(newMember))).find(Boolean);
    if (mine === undefined) throw new Error("A welcome for nobody whose keys are known");
    const keyPackage = decode(keyPackageDecoder, toBytes(mine.public).subarray(1))!;
    const privateKeys = decode(privateKeyPackageDecoder, toBytes(mine.private))!;
    return await joinGroup({ context: this.#context, welcome, keyPackage, privateKeys });
  }
}
