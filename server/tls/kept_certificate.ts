import { writeAll } from "../../protocol/write_all.ts";
import { type Certificate, selfSigned } from "./self_signed.ts";

const encoder = new TextEncoder();

/** The certificate of a data folder; made at the first start. Rejects where it cannot be read or kept. */
export async function keptCertificate(folder: string): Promise<Certificate> {
  const [cert, key] = [`${folder}/tls/cert.pem`, `${folder}/tls/key.pem`];
  try {
    return await readCertificate(cert, key);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const made = await selfSigned();
  await Deno.mkdir(`${folder}/tls`, { recursive: true, mode: 0o700 });
  await write(key, made.key); // a key without its certificate is made anew; the other way round never happens
  await write(cert, made.cert);
  return made;
}

/** Reads the two files of a certificate; what is no PEM is refused. */
export async function readCertificate(certPath: string, keyPath: string): Promise<Certificate> {
  const [cert, key] = [await Deno.readTextFile(certPath), await Deno.readTextFile(keyPath)];
  if (!cert.includes("-----BEGIN CERTIFICATE-----")) {
    throw new Error(`${certPath} has no certificate (PEM) in it`);
  }
  if (!/-----BEGIN (EC |RSA )?PRIVATE KEY-----/.test(key)) {
    throw new Error(`${keyPath} has no private key (PEM) in it`);
  }
  return { cert, key };
}

async function write(path: string, text: string): Promise<void> {
  const fresh = `${path}.new`;
  using file = await Deno.open(fresh, { write: true, create: true, truncate: true, mode: 0o600 });
  const bytes = encoder.encode(text);
  await writeAll(file, bytes);
  await file.syncData();
  await Deno.rename(fresh, path);
}
