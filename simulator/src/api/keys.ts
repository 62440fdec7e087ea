import {
  createHmac,
  createPublicKey,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
  verify,
} from "node:crypto";
import type { Account } from "../core/state.ts";
import { Problem } from "./problem.ts";

/** How a key proves itself: a shared secret (HMAC) or a public key (Ed25519, RSA). */
type Proof =
  | Readonly<{ kind: "hmac"; secret: string }>
  | Readonly<{ kind: "public"; key: KeyObject }>;

export type ApiKey = Readonly<{ apiKey: string; account: Account; proof: Proof }>;

/** All keys of one exchange. */
export type Keys = Readonly<{
  /** Makes an HMAC key for an account. */
  issue: (account: Account) => { apiKey: string; secret: string };
  /** Registers the owner's own public key and answers the key's name. */
  register: (account: Account, publicKey: KeyObject) => { apiKey: string };
  find: (apiKey: string) => ApiKey | null;
  /** Names of an account's keys, oldest first. */
  namesOf: (account: Account) => string[];
}>;

/** Keys are secrets: they come from the system's randomness unless a test hands in its own. */
export function createKeys(token: (length: number) => string = randomToken): Keys {
  const keys = new Map<string, ApiKey>();
  const add = (account: Account, proof: Proof): string => {
    const apiKey = token(64);
    keys.set(apiKey, { apiKey, account, proof });
    return apiKey;
  };
  return {
    issue: (account) => {
      const secret = token(64);
      return { apiKey: add(account, { kind: "hmac", secret }), secret };
    },
    register: (account, key) => ({ apiKey: add(account, { kind: "public", key }) }),
    find: (apiKey) => keys.get(apiKey) ?? null,
    namesOf: (account) =>
      [...keys.values()].filter((key) => key.account === account).map(({ apiKey }) => apiKey),
  };
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

function randomToken(length: number): string {
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 248 && text.length < length) text += alphabet[byte % 62];
    }
  }
  return text;
}

/** An Ed25519 or RSA key from its PEM text. Throws a sentence otherwise. */
export function readPublicKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    throw new RangeError("publicKey is not a public key in PEM form");
  }
  if (key.asymmetricKeyType !== "ed25519" && key.asymmetricKeyType !== "rsa") {
    throw new RangeError("publicKey must be an Ed25519 or RSA key");
  }
  return key;
}

/** Throws unless the signature is this key's over the payload. */
export function verifySignature(key: ApiKey, payload: string, signature: string): void {
  const { proof } = key;
  const isValid =
    proof.kind === "hmac"
      ? hmacMatches(proof.secret, payload, signature)
      : publicMatches(proof.key, payload, signature);
  if (!isValid) throw new Problem(-1022, "Signature for this request is not valid.");
}

function hmacMatches(secret: string, payload: string, signature: string): boolean {
  const expected = createHmac("sha256", secret).update(payload).digest();
  const given = Buffer.from(signature, "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function publicMatches(key: KeyObject, payload: string, signature: string): boolean {
  const digest = key.asymmetricKeyType === "rsa" ? "sha256" : null;
  return verify(digest, Buffer.from(payload), key, Buffer.from(signature, "base64"));
}

/** Whether a key may log a WebSocket session on: only Ed25519 keys may. */
export const mayLogOn = (key: ApiKey): boolean =>
  key.proof.kind === "public" && key.proof.key.asymmetricKeyType === "ed25519";
