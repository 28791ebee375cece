import * as v from "valibot";
import { answerHeaders } from "./answer_headers.ts";
import type { Asset } from "./assets.ts";
import { DoorKeys } from "./door_keys.ts";
import { readPageText } from "./page_text.ts";
import { readShort } from "./short_body.ts";
import { acceptable, offered, valueOf } from "./upgrade_request.ts";

const HOST = "127.0.0.1";
const PROTOCOL = "chat";
const WINDOWS = "/events";
const SESSION = "/session";
const FILES = "/files";
/** Of the body that brings the secret. */
const MAX_BODY_BYTES = 1_024;

const session = v.strictObject({ secret: v.string() });

/** A file that somebody dropped into a window. */
export interface DroppedFile {
  /** The conversation it is for. */
  readonly to: string;
  readonly name: string;
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** What the door needs, and whom it tells. */
export interface FrontDoorOptions {
  /** What anybody may see, by path. */
  readonly assets: ReadonlyMap<string, Asset>;
  /** A window came in. */
  readonly entered: (socket: WebSocket) => void;
  /** A window brings a file; resolves with why it cannot be sent, where it cannot. */
  readonly dropped: (file: DroppedFile) => Promise<string | undefined>;
  /** The secret was exchanged, and is worth nothing any more. */
  readonly exchanged: () => void;
}

/** The HTTP server of the window: on this machine only, for those who know the secret. */
export class FrontDoor implements AsyncDisposable {
  readonly #options: FrontDoorOptions;
  readonly #keys = new DoorKeys();
  readonly #stop = new AbortController();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #host: string;
  readonly #origin: string;
  readonly #headers: Readonly<Record<string, string>>;

  /** Listens at once, on a port that nobody can know before. */
  constructor(options: FrontDoorOptions) {
    this.#options = options;
    this.#server = Deno.serve({
      hostname: HOST,
      port: 0,
      signal: this.#stop.signal,
      onListen: () => {},
      onError: () => this.#no(500),
    }, (request) => this.#answer(request));
    this.#host = `${HOST}:${this.port}`;
    this.#origin = `http://${this.#host}`;
    this.#headers = answerHeaders(this.port);
  }

  get port(): number {
    return this.#server.addr.port;
  }

  /** An address that lets one browser in; those given before do not any more. */
  invite(): string {
    return `${this.#origin}/#${this.#keys.invite()}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#server.finished;
  }

  /** The path is compared as it was sent: nothing in it is decoded, so nothing leads elsewhere. */
  async #answer(request: Request): Promise<Response> {
    const { method, headers, url } = request;
    if (headers.get("host") !== this.#host) return this.#no(421);
    const path = url.startsWith(this.#origin) ? url.slice(this.#origin.length) : "";
    if (path === SESSION) {
      return method === "POST" ? await this.#exchange(request) : this.#wrongMethod("POST");
    }
    if (path.startsWith(`${FILES}?`)) {
      return method === "POST" ? await this.#drop(request, path) : this.#wrongMethod("POST");
    }
    const asset = this.#options.assets.get(path);
    if (asset === undefined && path !== WINDOWS) return this.#no(404);
    if (method !== "GET") return this.#wrongMethod("GET");
    if (asset === undefined) return this.#enter(request);
    return new Response(asset.bytes, { headers: { ...this.#headers, "content-type": asset.type } });
  }

  async #exchange(request: Request): Promise<Response> {
    const { headers } = request;
    const ours = headers.get("origin") === this.#origin && headers.get("content-type") === "application/json";
    const text = ours ? await readShort(request, MAX_BODY_BYTES) : undefined;
    const asked = text === undefined ? undefined : readPageText(session, text);
    const key = asked?.kind === "read" ? this.#keys.exchange(asked.value.secret) : undefined;
    if (key === undefined) return this.#no(403);
    this.#options.exchanged();
    const cookie = `${this.#cookie}=${key.cookie}; HttpOnly; SameSite=Strict; Path=/`;
    return Response.json({ token: key.token }, { headers: { ...this.#headers, "set-cookie": cookie } });
  }

  #enter(request: Request): Response {
    const { headers } = request;
    const [protocol, token, ...more] = offered(headers);
    const ours = headers.get("origin") === this.#origin && protocol === PROTOCOL && more.length === 0 &&
      this.#keys.fits({ cookie: valueOf(headers, this.#cookie), token });
    if (!ours) return this.#no(403);
    if (!acceptable(headers)) return this.#no(400);
    const { socket, response } = Deno.upgradeWebSocket(request, { protocol: PROTOCOL });
    this.#options.entered(socket);
    return response;
  }

  /** The token is in a header that no other page can send without asking, and asking is not answered. */
  async #drop(request: Request, path: string): Promise<Response> {
    const { headers, body } = request;
    const about = new URLSearchParams(path.slice(path.indexOf("?") + 1));
    const [to, name] = [about.get("to"), about.get("name")];
    const key = { cookie: valueOf(headers, this.#cookie), token: headers.get("x-chat-token") ?? undefined };
    if (headers.get("origin") !== this.#origin || !this.#keys.fits(key)) return this.#no(403);
    if (!to || !name) return this.#no(400);
    const problem = await this.#options.dropped({ to, name, body: body ?? new Blob([]).stream() });
    return problem === undefined
      ? this.#no(204)
      : new Response(problem, { status: 409, headers: this.#headers });
  }

  /** Cookies do not know ports: those of another program on this machine have another name. */
  get #cookie(): string {
    return `chat_${this.port}`;
  }

  #wrongMethod(allow: string): Response {
    return this.#no(405, { allow });
  }

  #no(status: number, more: Readonly<Record<string, string>> = {}): Response {
    return new Response(null, { status, headers: { ...this.#headers, ...more } });
  }
}
