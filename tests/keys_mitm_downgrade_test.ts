import { assertEquals } from "@std/assert";
import { eventually } from "./support/house.ts";
import { play, refresh, refusedWith, showing } from "./support/mitm.ts";

Deno.test("[X07] keys that were known cannot be taken away so that it is said in clear", async () => {
  await play(async (scene) => {
    showing(scene.tamper, ({ statement: _, n: __, packages: ___, ...keys }) => keys);
    refresh(scene);
    await refusedWith("no_key", scene);
  });
});

Deno.test("[X07] a name that is said to be nobody's gets nothing in clear", async () => {
  await play(async (scene) => {
    scene.tamper.down = (event) =>
      event.type === "keys" && event.user === "bob"
        ? [{ type: "error", code: "unknown_user", message: "There is no bob", ref: event.ref }]
        : undefined;
    refresh(scene);
    await refusedWith("unknown_user", scene);
  });
});

Deno.test("[X07] a device for which there are no packages gets nothing, not even in clear", async () => {
  await play(async (scene) => {
    showing(scene.tamper, ({ packages, ...keys }) => ({ ...keys, ...packages && { packages: [] } }));
    await refusedWith("no_device", scene);
  }, { strangers: true });
});

Deno.test("[X07] a server that calls one a guest at sign-in gets nothing in clear from an account with keys", async () => {
  await play(async (scene) => {
    scene.tamper.down = (event) =>
      event.type === "keys"
        ? [{ type: "error", code: "keys", message: "You are a guest", ref: event.ref }]
        : undefined;
    refresh(scene);
    await refusedWith("keys", scene);
  });
});

Deno.test("[X07] nor does one that has no account of that name any more when the client comes back", async () => {
  await play(async (scene) => {
    const { alice, tamper } = scene;
    tamper.up = (request) => request.type === "keys" ? [{ type: "bye" }] : undefined;
    tamper.down = (event) => {
      if (event.type !== "welcome") return undefined;
      const { account: _, ...guest } = event;
      return [guest];
    };
    await alice.client.keys!.words("bob").catch(() => {});
    await alice.next("online", ({ account }) => account === undefined);
    await refusedWith("no_account", scene);
  });
});

Deno.test("[X07] a server that calls all keys stale for ever gets nothing in clear", async () => {
  await play(async ({ alice, tamper, secret }) => {
    let refused = 0;
    tamper.up = (request) => {
      if (request.type === "whisper") assertEquals(request.text, undefined);
      return undefined;
    };
    tamper.down = (event) => {
      if (event.type !== "whisper" || event.from !== "alice") return undefined;
      refused++;
      return [{ type: "error", code: "stale_keys", message: "Again", ref: event.id }];
    };
    alice.client.say("@bob", secret("once more"));
    await eventually("it was sealed anew", () => refused >= 3);
  });
});
