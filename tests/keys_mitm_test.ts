import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import type { Statement } from "../protocol/schema.ts";
import { Keyring } from "./support/keyring.ts";
import {
  forged,
  type Keys,
  pair,
  play,
  posing,
  refresh,
  refusedWith,
  rewriting,
  showing,
  told,
} from "./support/mitm.ts";

const EVE = { id: "E".repeat(22), key: "E".repeat(43) };

Deno.test("[X03] an older statement than the last is refused", async () => {
  await play(async (scene) => {
    let first: Statement | undefined;
    showing(scene.tamper, (keys) => {
      first ??= keys.statement;
      return keys;
    });
    await scene.alice.client.keys!.words("bob");
    await using other = await Keyring.make(scene.port);
    await using _laptop = await other.withPassword("bob");
    await scene.alice.client.keys!.words("bob");
    showing(scene.tamper, (keys) => ({ ...keys, statement: first }));
    refresh(scene);
    await refusedWith("key_rollback", scene);
  });
});

Deno.test("[X03] a counter that the account has not signed is refused", async () => {
  await play(async (scene) => {
    await using other = await Keyring.make(scene.port);
    await using _laptop = await other.withPassword("bob");
    await scene.alice.client.keys!.words("bob");
    showing(scene.tamper, ({ statement, ...keys }) => ({
      ...keys,
      statement: { ...statement!, counter: statement!.counter - 1 },
    }));
    refresh(scene);
    await refusedWith("key_forged", scene);
  });
});

Deno.test("[X11] a device that the account has not signed is not sealed for", async () => {
  await play(async (scene) => {
    showing(scene.tamper, (keys) => {
      const { statement } = keys;
      return { ...keys, statement: { ...statement!, devices: [...statement!.devices, EVE] } };
    });
    refresh(scene);
    await refusedWith("key_forged", scene);
  });
});

Deno.test("[X11] nor one whose key stands in the place of a device's own", async () => {
  await play(async (scene) => {
    const { key } = await pair();
    showing(scene.tamper, ({ statement, ...keys }) => {
      const [device] = statement!.devices;
      return { ...keys, statement: { ...statement!, devices: [{ ...device!, key }] } };
    });
    refresh(scene);
    await refusedWith("key_forged", scene);
  });
});

Deno.test("[X11] a device that the account has signed is told before anything is sealed for it", async () => {
  await play(async ({ alice, bob, port, secret }) => {
    await using other = await Keyring.make(port);
    await using laptop = await other.withPassword("bob");
    alice.client.say("@bob", secret("for both"));
    await laptop.next("entry", ({ entry }) => entry.from === "alice");
    await bob.next("entry", ({ entry }) => entry.text === secret("for both"));
    const kinds = alice.seen.map((event) =>
      event.kind === "keys" ? event.code : event.kind === "entry" ? event.entry.text : event.kind
    );
    assert(kinds.includes("new_device"));
    assert(kinds.indexOf("new_device") < kinds.indexOf(secret("for both")));
  });
});

Deno.test("[X11] a package under the name of a device that is not stated is left out, and sealed for nobody", async () => {
  await play(async (scene) => {
    showing(scene.tamper, ({ packages, ...keys }) => ({
      ...keys,
      ...packages && { packages: packages.map((each) => ({ ...each, device: EVE.id })) },
    }));
    await refusedWith("no_device", scene);
  }, { strangers: true });
});

Deno.test("[X11] a package of one's own in the place of another's is not used", async () => {
  await play(async (scene) => {
    const { statement, packages } = await asked(scene, { user: "alice", take: true });
    assertEquals(statement!.devices.length, 1);
    showing(scene.tamper, (keys) => {
      const [device] = keys.statement!.devices;
      const { package: own } = packages![0]!;
      return { ...keys, ...keys.packages && { packages: [{ device: device!.id, package: own }] } };
    });
    await refusedWith("key_forged", scene);
  }, { strangers: true });
});

Deno.test("[X11] packages that are not of the account's devices are not used", async () => {
  await play(async (scene) => {
    showing(scene.tamper, ({ packages, ...keys }) => ({
      ...keys,
      ...packages && { packages: packages.map(({ device }) => ({ device, package: "AQ" })) },
    }));
    await refusedWith("key_forged", scene);
  }, { strangers: true });
});

Deno.test("[X02] another key in place of the one known stops everything, and says so", async () => {
  await play(async (scene) => {
    const other = await forged(9);
    showing(scene.tamper, (keys) => ({ ...keys, statement: other }));
    refresh(scene);
    await refusedWith("split_view", scene); // it is not in the key log
  });
});

Deno.test("[X02] the same with a key log that fits: nothing is sent until the key is accepted", async () => {
  await play(async (scene) => {
    await posing(scene, await forged(9));
    refresh(scene);
    await refusedWith("key_changed", scene);
    assertEquals(scene.alice.client.keys!.privacy("bob"), "changed");
    await told(scene.alice, "key_changed");
    await refusedWith("key_changed", scene); // and it stays so
  });
});

Deno.test("[X02] a key that comes and goes again does not slip through in between", async () => {
  await play(async (scene) => {
    const { tamper, alice, bob, secret } = scene;
    await posing(scene, await forged(9));
    refresh(scene);
    await refusedWith("key_changed", scene);
    tamper.down = undefined; // what it says of Bob now is true, and the log is not what Alice has seen
    refresh(scene);
    await refusedWith("split_view", scene);
    bob.client.say("@alice", secret("still me"));
    const { entry } = await alice.next("entry", ({ entry }) => entry.from === "bob");
    assertEquals([entry.unreadable, entry.seal], ["split_view", undefined]);
  });
});

Deno.test("[X02] the statement of somebody else is not Bob's, though it is signed", async () => {
  await play(async (scene) => {
    const { statement } = await asked(scene, { user: "alice" });
    showing(scene.tamper, (keys) => ({ ...keys, statement }));
    refresh(scene);
    await refusedWith("key_forged", scene);
  });
});

Deno.test("[X01] somebody else's key at first contact: the words are not the same", async () => {
  await play(async (scene) => {
    const { alice, bob } = scene;
    await posing(scene, await forged(1, [{ id: EVE.id, key: (await pair()).key }]));
    const hers = await alice.client.keys!.words("bob");
    const his = await bob.client.keys!.words("alice");
    assertNotEquals(hers.words, his.words);
    assertEquals(alice.client.keys!.privacy("bob"), "e2e", "not verified");
  }, { strangers: true });
});

Deno.test("the key log cannot be rewritten, nor what was seen of it taken back", async () => {
  await play(async ({ alice, tamper }) => {
    const other = await forged(9);
    tamper.down = (event) => {
      if (event.type === "keys" && event.user === "bob") return [{ ...event, statement: other, n: 3 }];
      if (event.type !== "key_log") return undefined;
      return [{ ...event, entries: [{ n: 3, user: "bob", key: other.key, hash: "0".repeat(64) }] }];
    };
    await assertRejects(() => alice.client.keys!.words("bob"));
    await told(alice, "key_log");
  });
});

Deno.test("a key log that leaves a link out, or has one twice, is no longer believed", async () => {
  for (const n of [2, 4]) {
    await play(async (scene) => {
      const { alice, tamper, last } = scene;
      const other = await forged(9);
      await rewriting(tamper, await last(), other.key);
      const down = tamper.down!;
      tamper.down = (event) => {
        if (event.type === "keys" && event.user === "bob") return [{ ...event, statement: other, n: 5 }];
        const [changed] = down(event) ?? [];
        if (changed?.type !== "key_log") return undefined;
        return [{ ...changed, entries: changed.entries.map((each) => ({ ...each, n })) }];
      };
      refresh(scene);
      await refusedWith("key_log", scene);
      await told(alice, "key_log");
    });
  }
});

Deno.test("two who are shown different key logs find out with the next whisper", async () => {
  await play(async ({ alice, bob, tamper, last, secret }) => {
    const carol = await forged(1, [], { name: "carol" });
    await rewriting(tamper, await last(), carol.key, "carol");
    const down = tamper.down!;
    tamper.down = (event) => {
      const about = event.type === "keys" && event.user === "carol";
      if (!about && !(event.type === "error" && event.code === "unknown_user")) return down(event);
      return [{ type: "keys", user: "carol", statement: carol, n: 3, ref: event.ref }];
    };
    await alice.client.keys!.look("carol").catch(() => {});
    alice.client.say("@bob", secret("and now?"));
    await told(bob, "split_view");
  });
});

/** What the server truly answers to a question about keys. */
async function asked(
  { alice, tamper }: Parameters<Parameters<typeof play>[0]>[0],
  { user, take = false }: { readonly user: string; readonly take?: boolean },
): Promise<Keys> {
  const { promise, resolve } = Promise.withResolvers<Keys>();
  tamper.up = (request) => request.type === "keys" ? [{ ...request, user, ...take && { take } }] : undefined;
  tamper.down = (event) => {
    if (event.type !== "keys") return undefined;
    resolve(event);
    return [{ type: "error", code: "rate", message: "Not now", ref: event.ref }];
  };
  await alice.client.keys!.words("bob").catch(() => {});
  tamper.up = tamper.down = undefined;
  return await promise;
}
