import { z } from "zod";
import { accessToken } from "./accounts.ts";
import { id, instant, textOf } from "./common.ts";

const bytes = z
  .string()
  .min(1)
  .max(16_384)
  .regex(/^[\w-]+$/, "base64url");
/** What an authenticator made, as `navigator.credentials.create` gives it, in base64url: what is needed of it. */
export const newCredential = z
  .object({
    id: bytes,
    response: z
      .object({
        clientDataJSON: bytes,
        attestationObject: bytes,
        transports: z.array(z.string().max(20)).max(10).optional(),
      })
      .strict(),
  })
  .strict()
  .meta({ id: "NewCredential" });
export type NewCredential = z.infer<typeof newCredential>;

/** What an authenticator signed, as `navigator.credentials.get` gives it, in base64url: what is needed of it. */
export const signedCredential = z
  .object({
    id: bytes,
    response: z
      .object({ clientDataJSON: bytes, authenticatorData: bytes, signature: bytes })
      .strict(),
  })
  .strict()
  .meta({ id: "SignedCredential" });
export type SignedCredential = z.infer<typeof signedCredential>;

/** Options of WebAuthn in JSON, to be handed to the browser as they are. */
export const credentialOptions = z
  .looseObject({ challenge: z.string() })
  .meta({ id: "CredentialOptions" });

const passkeyName = textOf(1, 60);

export const passkey = z
  .object({
    id,
    name: z.string(),
    /** Kept by a password manager or the system's cloud, so that it outlives the device. */
    isSynced: z.boolean(),
    createdAt: instant,
    usedAt: instant.nullable(),
  })
  .meta({ id: "Passkey" });
export type Passkey = z.infer<typeof passkey>;
export const passkeyList = z.object({ items: z.array(passkey) }).meta({ id: "PasskeyList" });

export const passkeyRequest = z
  .object({ name: passkeyName, credential: newCredential })
  .strict()
  .meta({ id: "PasskeyRequest" });
export const passkeyPatch = z.object({ name: passkeyName }).strict().meta({ id: "PasskeyPatch" });
/** The session goes on by a new token. */
export const madePasskey = accessToken
  .extend({
    passkey,
    codes: z.array(z.string()).describe("recovery codes, where this is the first second factor"),
  })
  .meta({ id: "MadePasskey" });
export const passkeySignIn = z
  .object({ credential: signedCredential })
  .strict()
  .meta({ id: "PasskeySignIn" });
