import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type { NewCredential, SignedCredential } from "@trading/contracts/passkeys";

type Options = Readonly<{ challenge: string }>;
type Lie = Readonly<{ origin?: string; flags?: number; counter?: number }>;

export type Authenticator = Readonly<{
  create(options: Options, lie?: Lie): NewCredential;
  get(options: Options, lie?: Lie): SignedCredential;
}>;

const present = 0x01;
const verified = 0x04;
const withCredential = 0x40;

/** A device that keeps one passkey for a site, as WebAuthn describes it; it may lie where a test says so. */
export function createAuthenticator(siteOrigin: string): Authenticator {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const id = randomBytes(16);
  let uses = 0;

  const clientData = (type: string, { challenge }: Options, { origin = siteOrigin }: Lie) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const head = (flags: number, counter: number) => {
    const site = createHash("sha256").update(new URL(siteOrigin).hostname).digest();
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([site, Buffer.from([flags]), count]);
  };
  const named = { id: id.toString("base64url") };

  return {
    create(options, lie = {}) {
      const { flags = present | verified | withCredential, counter = uses } = lie;
      const length = Buffer.from([0, id.length]);
      const key = Buffer.concat([
        Buffer.from("a5010203262001215820", "hex"),
        Buffer.from(x, "base64url"),
        Buffer.from("225820", "hex"),
        Buffer.from(y, "base64url"),
      ]);
      const data = Buffer.concat([head(flags, counter), Buffer.alloc(16), length, id, key]);
      const attestation = Buffer.concat([
        Buffer.from("a363666d74646e6f6e656761747453746d74a068617574684461746158", "hex"),
        Buffer.from([data.length]),
        data,
      ]);
      return {
        ...named,
        response: {
          clientDataJSON: clientData("webauthn.create", options, lie).toString("base64url"),
          attestationObject: attestation.toString("base64url"),
          transports: ["internal"],
        },
      };
    },
    get(options, lie = {}) {
      uses += 1;
      const { flags = present | verified, counter = uses } = lie;
      const data = head(flags, counter);
      const client = clientData("webauthn.get", options, lie);
      const signed = Buffer.concat([data, createHash("sha256").update(client).digest()]);
      return {
        ...named,
        response: {
          clientDataJSON: client.toString("base64url"),
          authenticatorData: data.toString("base64url"),
          signature: sign("sha256", signed, privateKey).toString("base64url"),
        },
      };
    },
  };
}
