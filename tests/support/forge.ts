import { type Certificate, selfSigned } from "../../server/tls/self_signed.ts";

/** What a certificate is to say, where it is not what an honest one says. */
export interface Wish {
  readonly subject?: string;
  /** Its names, as openssl spells them; none: it has no such extension. */
  readonly names?: string;
  readonly from?: string;
  readonly until?: string;
  readonly digest?: string;
  /** What makes its key, as openssl spells it. */
  readonly algorithm?: readonly string[];
  /** Further extensions, a line each. */
  readonly more?: string;
  /** Who signs it, where it does not itself. */
  readonly by?: Certificate;
  /** A key that is there already. */
  readonly key?: string;
}

const SETTINGS = `[ca]
default_ca = here
[here]
database = database
new_certs_dir = .
rand_serial = yes
unique_subject = no
policy = any
[any]
commonName = optional
`;
export const OWN = "DNS:chat.invalid";
const P256 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];

/** Makes certificates of every kind, right and wrong, with openssl, in a folder of its own. */
export class Forge {
  readonly #folder: string;
  #made = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(folder: string): Promise<Forge> {
    await Deno.writeTextFile(`${folder}/settings`, SETTINGS);
    await Deno.writeTextFile(`${folder}/database`, "");
    return new Forge(folder);
  }

  async make(wish: Wish = {}): Promise<Certificate> {
    const {
      subject = "chat server",
      names = OWN,
      from = "20200101000000Z",
      until = "20490101000000Z",
      digest = "sha256",
      by,
    } = wish;
    const made = `made${++this.#made}`;
    const path = (kind: string) => `${this.#folder}/${made}.${kind}`;
    if (wish.key === undefined) {
      await this.#openssl("genpkey", ...wish.algorithm ?? P256, "-out", path("key"));
    } else await Deno.writeTextFile(path("key"), wish.key);
    const asking = ["-new", "-key", path("key"), "-subj", `/CN=${subject}`, "-config", "/dev/null"];
    await this.#openssl("req", ...asking, "-out", path("csr"));
    const extensions = [names && `subjectAltName=${names}`, wish.more ?? ""].join("\n");
    await Deno.writeTextFile(path("ext"), extensions);
    let signer = ["-selfsign", "-keyfile", path("key")];
    if (by !== undefined) {
      await Deno.writeTextFile(path("by.pem"), by.cert);
      await Deno.writeTextFile(path("by.key"), by.key);
      signer = ["-cert", path("by.pem"), "-keyfile", path("by.key")];
    }
    const when = ["-startdate", from, "-enddate", until, "-md", digest];
    const signing = ["-batch", "-notext", "-config", "settings", ...signer, ...when, "-extfile", path("ext")];
    await this.#openssl("ca", ...signing, "-in", path("csr"), "-out", path("pem"));
    return { cert: await Deno.readTextFile(path("pem")), key: await Deno.readTextFile(path("key")) };
  }

  /** One that may sign others. */
  async authority(): Promise<Certificate> {
    return await this.make({
      subject: "an authority",
      names: "",
      more: "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign",
    });
  }

  async #openssl(...args: readonly string[]): Promise<void> {
    const { success, stderr } = await new Deno.Command("openssl", { args: [...args], cwd: this.#folder })
      .output();
    if (!success) throw new Error(`openssl ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  }
}

/** Bytes of a public point (P-256) at the end of a private key in PKCS #8. */
const POINT_BYTES = 65;

/**
 * A key that openssl takes for that of a certificate, though it is another one: it has the certificate's public half. So
 * shows itself who has copied a certificate, which everybody can, and not its key.
 */
export async function keyFor({ key }: Certificate): Promise<string> {
  const [right, wrong] = [key, (await selfSigned()).key].map((pem) =>
    Uint8Array.fromBase64(pem.replace(/-----[^-]+-----|\s/g, ""))
  );
  wrong!.set(right!.subarray(-POINT_BYTES), wrong!.length - POINT_BYTES);
  return `-----BEGIN PRIVATE KEY-----\n${wrong!.toBase64()}\n-----END PRIVATE KEY-----\n`;
}
