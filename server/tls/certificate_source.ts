import { EXIT, Exit } from "../exit.ts";
import { keptCertificate, readCertificate } from "./kept_certificate.ts";
import { type Certificate, selfSigned } from "./self_signed.ts";

/** The flags of `serve` that are about TLS. */
export interface TlsFlags {
  readonly tls: "optional" | "required" | "off" | string;
  readonly "tls-cert"?: string | undefined;
  readonly "tls-key"?: string | undefined;
}

/** Whether the operator has a certificate; one file without the other is a mistake. */
export function ownFiles(flags: TlsFlags): { readonly cert: string; readonly key: string } | undefined {
  const { "tls-cert": cert, "tls-key": key } = flags;
  if (cert === undefined && key === undefined) return undefined;
  if (cert !== undefined && key !== undefined) return { cert, key };
  throw new Exit(EXIT.config, `--tls-cert and --tls-key go together: give both files, or neither`);
}

/** The certificate to speak TLS with; nothing where nobody shall. Throws an `Exit` where it cannot be had. */
export async function certificateOf(
  flags: TlsFlags,
  folder: string | undefined,
): Promise<Certificate | undefined> {
  const own = ownFiles(flags);
  if (flags.tls === "off") return undefined;
  try {
    if (own) return await readCertificate(own.cert, own.key);
    return folder === undefined ? await selfSigned() : await keptCertificate(folder);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Exit(
      EXIT.config,
      `cannot use the certificate: ${why}. Name others with --tls-cert and --tls-key`,
    );
  }
}
