import { generateKeyPairSync, sign } from "node:crypto";

export type Certificate = Readonly<{ key: string; cert: string }>;

/** A self-signed certificate for 127.0.0.1, made anew: clients that insist on TLS get some. */
export function makeCertificate(): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(oid("2a8648ce3d040302"));
  const name = sequence(
    tagged(0x31, sequence(oid("550403"), tagged(0x0c, Buffer.from("simulator")))),
  );
  const year = 365 * 86_400_000;
  const validity = sequence(time(Date.now() - year), time(Date.now() + year));
  // Subject alternative name: iPAddress 127.0.0.1 and dNSName localhost.
  const names = sequence(
    tagged(0x87, Buffer.from([127, 0, 0, 1])),
    tagged(0x82, Buffer.from("localhost")),
  );
  const extension = sequence(oid("551d11"), tagged(0x04, names));
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.from([1])),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(extension)),
  );
  const signature = sign("sha256", body, privateKey);
  const whole = sequence(
    body,
    algorithm,
    tagged(0x03, Buffer.concat([Buffer.from([0]), signature])),
  );
  const lines = whole.toString("base64").replace(/(.{64})/g, "$1\n");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  let size = Buffer.from([length]);
  if (length > 255) size = Buffer.from([0x82, length >> 8, length & 255]);
  else if (length > 127) size = Buffer.from([0x81, length]);
  return Buffer.concat([Buffer.from([tag]), size, content]);
}

const sequence = (...parts: Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts));
const oid = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, "hex"));
const time = (at: number): Buffer =>
  tagged(0x17, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]/g, "").slice(2, 14)}Z`));
