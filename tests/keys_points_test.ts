import { assert, assertEquals } from "@std/assert";
import { decode, defaultCredentialTypes, type KeyPackage, keyPackageDecoder, leafNodeSources } from "ts-mls";
import type { Statement } from "../protocol/schema.ts";
import { ED25519, pastTheOrder, point, X25519 } from "./support/bad_points.ts";
import { type Change, RogueDevice, written } from "./support/key_packages.ts";
import { forged, pair, play, posing, refresh, refusedWith, text } from "./support/mitm.ts";

const ML_KEM_BYTES = 1_184;

/** The same bytes with others at a place. */
function put(bytes: Uint8Array, at: number, others: ArrayLike<number>): Uint8Array {
  const changed = bytes.slice();
  changed.set(others, at);
  return changed;
}

/** What can be wrong with a key of X-Wing. */
const KEM: Readonly<Record<string, (key: Uint8Array) => Uint8Array>> = {
  ...Object.fromEntries(
    Object.entries(X25519).map(([what, bytes]) => [
      `X25519 ${what}`,
      (key: Uint8Array) => put(key, ML_KEM_BYTES, bytes),
    ]),
  ),
  "its first coefficient is the modulus": (key) => put(key, 0, [0x01, 0x0d]),
  "its second is 4095": (key) => put(key, 1, [key[1]! | 0xf0, 0xff]),
  "its last is 4095": (key) => put(key, 1_150, [key[1_150]! | 0xf0, 0xff]),
  "all zeros": (key) => new Uint8Array(key.length),
  "all ones": (key) => new Uint8Array(key.length).fill(0xff),
  "empty": () => new Uint8Array(0),
  "a byte short": (key) => key.slice(0, -1),
  "a byte long": (key) => new Uint8Array([...key, 0]),
  "X25519 alone": (key) => key.slice(ML_KEM_BYTES),
};

/** What can be wrong with a package that its maker has signed. */
const SIGNED: Readonly<Record<string, Change>> = {
  ...Object.fromEntries(
    Object.entries(KEM).flatMap(([what, change]): [string, Change][] => [
      [`the key to begin with: ${what}`, ({ initKey }) => ({ initKey: change(initKey) })],
      [
        `the key of the leaf: ${what}`,
        ({ leafNode }) => ({ leafNode: { hpkePublicKey: change(leafNode.hpkePublicKey) } }),
      ],
    ]),
  ),
  "one key for both": ({ initKey }) => ({ leafNode: { hpkePublicKey: initKey } }),
  ...Object.fromEntries(
    [0, 1, 2, 3, 7, 77, 83, 0xffff].map((cipherSuite): [string, Change] => [
      `[X08] suite ${cipherSuite}`,
      () => ({ cipherSuite: cipherSuite as KeyPackage["cipherSuite"] }),
    ]),
  ),
  "[X08] MLS 2": () => ({ version: 2 as KeyPackage["version"] }),
  "[X08] MLS 0": () => ({ version: 0 as KeyPackage["version"] }),
  "nobody's": () => ({ leafNode: { credential: basic("") } }),
  "of another device": () => ({ leafNode: { credential: basic(`bob\n${"S".repeat(22)}`) } }),
  "of Alice": () => ({ leafNode: { credential: basic(`alice\n${"R".repeat(21)}A`) } }),
  "another's key": () => ({ leafNode: { signaturePublicKey: crypto.getRandomValues(new Uint8Array(32)) } }),
  "a key to sign with of 31 bytes": ({ leafNode: { signaturePublicKey: key } }) => ({
    leafNode: { signaturePublicKey: key.slice(1) },
  }),
  "no key to sign with": () => ({ leafNode: { signaturePublicKey: new Uint8Array(0) } }),
  "the key to sign with is zero": () => ({ leafNode: { signaturePublicKey: new Uint8Array(32) } }),
  "the leaf of a commit": () => ({
    leafNode: { leafNodeSource: leafNodeSources.update } as unknown as KeyPackage["leafNode"],
  }),
};

/** What can be done to one by whoever hands it on. */
const HANDED_ON: Readonly<Record<string, (made: KeyPackage, bytes: Uint8Array) => string | Uint8Array>> = {
  "[X08] version 0": (_, bytes) => put(bytes, 0, [0]),
  "[X08] version 2": (_, bytes) => put(bytes, 0, [2]),
  "[X08] version 255": (_, bytes) => put(bytes, 0, [255]),
  "a byte short": (_, bytes) => bytes.slice(0, -1),
  "half of it": (_, bytes) => bytes.slice(0, bytes.length / 2),
  "its version alone": (_, bytes) => bytes.slice(0, 1),
  "a byte long": (_, bytes) => new Uint8Array([...bytes, 0]),
  "a hundred bytes long": (_, bytes) => new Uint8Array([...bytes, ...bytes.slice(0, 100)]),
  "a signature of zeros": (made) => written({ ...made, signature: new Uint8Array(64) }),
  "a signature of 63 bytes": (made) => written({ ...made, signature: made.signature.slice(1) }),
  "a signature of 65 bytes": (made) =>
    written({ ...made, signature: new Uint8Array([...made.signature, 0]) }),
  "no signature": (made) => written({ ...made, signature: new Uint8Array(0) }),
  "a signature past the order": (made) => written({ ...made, signature: pastTheOrder(made.signature) }),
  "the leaf's signature past the order": ({ leafNode, ...made }) =>
    written({
      ...made,
      leafNode: { ...leafNode, signature: pastTheOrder(leafNode.signature) },
    } as KeyPackage),
  "the signature of the leaf": (made) => written({ ...made, signature: made.leafNode.signature }),
};

Deno.test("[X09] a key package that is not right is refused, and nothing sealed for it", async () => {
  let cases = 0;
  await play(async (scene) => {
    const { tamper, alice, secret } = scene;
    const rogue = await RogueDevice.make("bob");
    await posing(scene, await forged(1, [{ id: rogue.id, key: rogue.key }]));
    const down = tamper.down!;
    let handed = "";
    tamper.down = (event) => {
      const [first] = down(event) ?? [];
      if (first?.type !== "keys" || event.type !== "keys" || event.packages === undefined) {
        return first && [first];
      }
      return [{ ...first, packages: [{ device: rogue.id, package: handed }] }];
    };
    tamper.up = (request) => {
      assert(request.type !== "whisper", "something was sealed");
      return undefined;
    };
    const refusedAs = async (what: string, made: string) => {
      handed = made;
      refresh(scene);
      const message = await refusedWith("key_forged", scene).catch((error) => {
        throw new Error(what, { cause: error });
      });
      assert(message.includes("bob"), what);
      cases++;
    };
    for (const [what, change] of Object.entries(SIGNED)) await refusedAs(what, await rogue.signed(change));
    for (const [what, change] of Object.entries(HANDED_ON)) {
      const made = await rogue.made();
      const changed = change(made, bytes(written(made)));
      await refusedAs(what, typeof changed === "string" ? changed : text(changed));
    }
    // What is refused above is refused for what was changed in it: as it was made, it is taken.
    tamper.up = (request) => request.type === "whisper" ? [] : undefined;
    handed = await rogue.signed(() => ({}));
    refresh(scene);
    alice.client.say("@bob", secret("to whom it may concern"));
    await alice.client.keys!.seal({ to: "bob", id: "x", body: { text: "hi" } });
  }, { strangers: true });
  assert(cases >= 60, `${cases}`);
});

Deno.test("[X09] keys of devices and accounts that anybody could sign with are refused, and named", async () => {
  await play(async (scene) => {
    const { tamper } = scene;
    const identity = await pair();
    const stated: [what: string, statement: Statement][] = [];
    for (const [what, key] of Object.entries(ED25519)) {
      const devices = [{ id: "R".repeat(21) + "A", key: text(key) }];
      if (what !== "no point at all") {
        stated.push([`device ${what}`, await forged(1, devices, { by: identity })]);
      }
      for (
        const signature of [
          new Uint8Array(64),
          put(new Uint8Array(64), 0, [1]),
          put(new Uint8Array(64), 0, key),
        ]
      ) {
        stated.push([what, { key: text(key), counter: 1, devices: [], signature: text(signature) }]);
      }
    }
    const { signature, ...rest } = await forged(1, [], { by: identity });
    stated.push(["past the order", { ...rest, signature: text(pastTheOrder(bytes(signature))) }]);
    stated.push(["zeros", { ...rest, signature: text(new Uint8Array(64)) }]);
    stated.push(["point(2)", { ...rest, signature: text(new Uint8Array([...point(2n), ...point(2n)])) }]);
    for (const [what, statement] of stated) {
      await posing({ ...scene, tamper: Object.assign(tamper, { down: undefined }) }, statement);
      refresh(scene);
      await refusedWith("key_forged", scene).catch((error) => {
        throw new Error(what, { cause: error });
      });
    }
    assert(stated.length >= 40);
  }, { strangers: true });
});

Deno.test("packages are good for as long as they are stated, however long somebody is away", async () => {
  await play(async ({ alice, tamper }) => {
    const got: string[] = [];
    tamper.down = (event) => {
      if (event.type === "keys") got.push(...(event.packages ?? []).map((each) => each.package));
      return undefined;
    };
    await alice.client.keys!.seal({ to: "bob", id: "x", body: { text: "hi" } });
    const { leafNode } = decode(keyPackageDecoder, bytes(got[0]!).slice(1))!;
    assert("lifetime" in leafNode);
    assertEquals([leafNode.lifetime.notBefore, leafNode.lifetime.notAfter], [0n, 2n ** 53n]);
  }, { strangers: true });
});

function basic(name: string) {
  return { credentialType: defaultCredentialTypes.basic, identity: new TextEncoder().encode(name) };
}

function bytes(text: string): Uint8Array {
  return Uint8Array.fromBase64(text, { alphabet: "base64url" });
}
