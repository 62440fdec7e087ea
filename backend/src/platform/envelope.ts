import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";

/** Where a sealed value stands. It opens there and nowhere else: not in another row, column or user's name. */
export type Place = Readonly<{ table: string; rowId: string; userId: string; column: string }>;

/**
 * Who keeps the keys that wrap data keys. Here they come from API_ENCRYPTION_KEY; a key service (Vault Transit, a
 * cloud's KMS) would be another `KeyKeeper`, and nothing else changes: that is why both calls may take their time.
 */
export type KeyKeeper = Readonly<{
  /** The key that wraps from now on. */
  currentKey: string;
  keys: readonly string[];
  wrap(dataKey: Buffer, context: string): Promise<Buffer>;
  /** Throws when the key is unknown, or when key, context or a bit is not the one it was wrapped with. */
  unwrap(keyId: string, wrapped: Buffer, context: string): Promise<Buffer>;
}>;

export type Envelope = Readonly<{
  currentKey: string;
  keys: readonly string[];
  seal(text: string, place: Place): Promise<string>;
  /** Throws `SealBroken` for everything that was not sealed for this very place, with a key that is known. */
  open(sealed: string, place: Place): Promise<string>;
  /** The same value under the current key; the text itself is not touched. Throws `SealBroken`. */
  rewrap(sealed: string, place: Place): Promise<string>;
}>;

/** Says nothing of why: which part failed is of use to nobody but an attacker. */
export class SealBroken extends Error {
  constructor() {
    super("A stored secret cannot be opened: it was changed, moved, or its key is missing.");
    this.name = "SealBroken";
  }
}

const version = "v1";
const cipher = "aes-256-gcm";
const ivBytes = 12;
const tagBytes = 16;

/**
 * Encrypts what the database must not know. Each value has a random key of its own (AES-256-GCM), which is stored
 * beside it, wrapped by a key that is not in the database: `v1.<key id>.<wrapped key>.<encrypted value>`. The place
 * is authenticated with both, the id of the wrapping key with the wrapped key; without the one nobody has the other.
 */
export function createEnvelope(keeper: KeyKeeper): Envelope {
  const wrap = async (dataKey: Buffer, place: Place) => {
    const wrapped = await keeper.wrap(dataKey, contextOf(place, keeper.currentKey));
    return `${version}.${keeper.currentKey}.${encode(wrapped)}`;
  };
  const unwrap = ({ keyId, wrapped }: Parts, place: Place) =>
    keeper.unwrap(keyId, wrapped, contextOf(place, keyId));

  return {
    currentKey: keeper.currentKey,
    keys: keeper.keys,
    async seal(text, place) {
      const dataKey = randomBytes(32);
      const value = encrypt(dataKey, Buffer.from(text, "utf8"), contextOf(place));
      return `${await wrap(dataKey, place)}.${encode(value)}`;
    },
    open: (sealed, place) =>
      orBroken(async () => {
        const parts = partsOf(sealed);
        const dataKey = await unwrap(parts, place);
        return decrypt(dataKey, parts.value, contextOf(place)).toString("utf8");
      }),
    rewrap: (sealed, place) =>
      orBroken(async () => {
        const parts = partsOf(sealed);
        const dataKey = await unwrap(parts, place);
        // What does not open now must not be carried on as if it could.
        decrypt(dataKey, parts.value, contextOf(place));
        return `${await wrap(dataKey, place)}.${encode(parts.value)}`;
      }),
  };
}

/** Keys from the environment: the first wraps, all unwrap. Throws when there is none. */
export function keysFromSecrets(secrets: readonly string[]): KeyKeeper {
  const keys = new Map(secrets.map((secret) => [keyId(secret), stretched(secret)]));
  const [current] = secrets;
  if (current === undefined) throw new Error("API_ENCRYPTION_KEY is not set");
  const currentKey = keyId(current);
  const find = (id: string) => {
    const key = keys.get(id);
    if (key === undefined) throw new SealBroken();
    return key;
  };
  return {
    currentKey,
    keys: [...keys.keys()],
    wrap: async (dataKey, context) => encrypt(find(currentKey), dataKey, context),
    unwrap: async (id, wrapped, context) => decrypt(find(id), wrapped, context),
  };
}

/** The key a sealed value is wrapped with. */
export const keyOf = (sealed: string): string => sealed.split(".", 2)[1] ?? "";

type Parts = Readonly<{ keyId: string; wrapped: Buffer; value: Buffer }>;

function partsOf(sealed: string): Parts {
  const [first, id, wrapped, value, ...rest] = sealed.split(".");
  if (first !== version || !id || !wrapped || !value || rest.length > 0) throw new SealBroken();
  return { keyId: id, wrapped: decode(wrapped), value: decode(value) };
}

/** Parts cannot run into each other: JSON quotes them. */
const contextOf = ({ table, rowId, userId, column }: Place, keyId?: string): string =>
  JSON.stringify([version, table, rowId, userId, column, ...(keyId === undefined ? [] : [keyId])]);

function encrypt(key: Buffer, plain: Buffer, context: string): Buffer {
  const iv = randomBytes(ivBytes);
  const gcm = createCipheriv(cipher, key, iv, { authTagLength: tagBytes }).setAAD(
    Buffer.from(context),
  );
  return Buffer.concat([iv, gcm.update(plain), gcm.final(), gcm.getAuthTag()]);
}

function decrypt(key: Buffer, sealed: Buffer, context: string): Buffer {
  if (sealed.length < ivBytes + tagBytes) throw new SealBroken();
  const gcm = createDecipheriv(cipher, key, sealed.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  })
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(-tagBytes));
  return Buffer.concat([gcm.update(sealed.subarray(ivBytes, -tagBytes)), gcm.final()]);
}

async function orBroken<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch {
    throw new SealBroken();
  }
}

const encode = (bytes: Buffer): string => bytes.toString("base64url");

/** One spelling per value: decoders forgive padding, blanks and stray bits at the end, we do not. */
function decode(text: string): Buffer {
  const bytes = Buffer.from(text, "base64url");
  if (encode(bytes) !== text) throw new SealBroken();
  return bytes;
}

/** The secret is random already; this only gives it its length and keeps it from serving two purposes. */
const stretched = (secret: string): Buffer =>
  Buffer.from(hkdfSync("sha256", secret, "", "trading-platform/envelope/v1", 32));

/** Names a secret without telling anything of it that would help. */
const keyId = (secret: string): string =>
  createHash("sha256").update(`envelope:${secret}`).digest("hex").slice(0, 8);
