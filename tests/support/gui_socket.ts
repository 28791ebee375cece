import { assertEquals } from "@std/assert";
import type { ChatState } from "../../client/gui/chat_state.ts";
import type { News } from "../../client/gui/news.ts";
import { reduceChat } from "../../client/gui/reduce_chat.ts";
import type { Told } from "../../client/gui/told.ts";
import type { Wish } from "../../client/gui/wish.ts";

/** What a browser has that was let in. */
export interface Pass {
  readonly origin: string;
  readonly port: number;
  readonly cookie: string;
  readonly token: string;
}

/** Exchanges the secret of an address, as the page does. */
export async function passFor(address: string): Promise<Pass> {
  const { origin, port, hash } = new URL(address);
  const response = await fetch(`${origin}/session`, {
    method: "POST",
    headers: { origin, "content-type": "application/json" },
    body: JSON.stringify({ secret: hash.slice(1) }),
  });
  assertEquals(response.status, 200);
  const { token } = await response.json();
  const [cookie = ""] = response.headers.get("set-cookie")!.split(";");
  return { origin, port: Number(port), cookie, token };
}

/** A window without a page: it is told what a page is told, and wishes what a page may wish. */
export class GuiSocket implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, PromiseWithResolvers<unknown>>();
  #ids = 0;
  #look = Promise.withResolvers<void>();
  #state: ChatState | undefined;
  readonly news: News[] = [];
  /** Resolves with the code when it is closed. */
  readonly closed: Promise<number>;

  private constructor({ origin, cookie, token }: Pass) {
    const url = `${origin.replace("http", "ws")}/events`;
    const options = { protocols: ["chat", token], headers: { origin, cookie } };
    this.#socket = new WebSocket(url, options);
    this.closed = new Promise((resolve) => this.#socket.onclose = ({ code }) => resolve(code));
    this.#socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
  }

  /** Resolves when it has the state. */
  static async open(pass: Pass): Promise<GuiSocket> {
    const socket = new GuiSocket(pass);
    await Promise.race([
      socket.until(() => true),
      socket.closed.then((code) => {
        throw new Error(`It was closed with ${code}`);
      }),
    ]);
    return socket;
  }

  get state(): ChatState {
    return this.#state!;
  }

  /** Resolves when the state is such. */
  async until(fact: (state: ChatState) => boolean): Promise<void> {
    while (this.#state === undefined || !fact(this.#state)) await this.#look.promise;
  }

  /** Asks; resolves with the answer, rejects with the code of the problem. */
  async wish(wish: Wish): Promise<unknown> {
    const id = ++this.#ids;
    const answer = Promise.withResolvers<unknown>();
    this.#answers.set(id, answer);
    this.#socket.send(JSON.stringify({ id, wish }));
    return await answer.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await this.closed;
  }

  #take(told: Told): void {
    if (told.kind === "answer") this.#answers.get(told.id)!.resolve(told.value);
    else if (told.kind === "problem") this.#answers.get(told.id)!.reject(new Error(told.code));
    else {
      if (told.kind === "state") this.#state = told.state;
      else for (const news of told.news) this.#heard(news);
      this.#look.resolve();
      this.#look = Promise.withResolvers();
    }
  }

  #heard(news: News): void {
    this.news.push(news);
    this.#state = reduceChat(this.#state!, news);
  }
}
