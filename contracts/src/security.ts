import { z } from "zod";
import { accessToken, newPassword, userName } from "./accounts.ts";
import { emailAddress, id, instant, textOf } from "./common.ts";
import { signedCredential } from "./passkeys.ts";

const token = z.string().min(20).max(200);
/** Six digits of an authenticator app, or a recovery code. */
const code = textOf(6, 40);

export const forgotRequest = z
  .object({ identifier: textOf(1, 254).describe("name or e-mail address") })
  .strict()
  .meta({ id: "ForgotRequest" });
export const resetRequest = z
  .object({ token, password: newPassword })
  .strict()
  .meta({ id: "ResetRequest" });
export const proveRequest = z.object({ token }).strict().meta({ id: "ProveRequest" });

export const profilePatch = z.object({ name: userName }).strict().meta({ id: "ProfilePatch" });
export const addressChange = z
  .object({ email: emailAddress })
  .strict()
  .meta({ id: "AddressChange" });
export const passwordChange = z
  .object({
    current: z.string().max(256).nullable().describe("null where there is none yet"),
    password: newPassword,
  })
  .strict()
  .meta({ id: "PasswordChange" });
export const confirmation = z
  .object({
    password: z.string().max(256).optional(),
    code: code.optional(),
    passkey: signedCredential.optional().describe("alone takes the place of password and code"),
  })
  .strict()
  .meta({ id: "Confirmation" });
export const codeRequest = z.object({ code }).strict().meta({ id: "CodeRequest" });

/** How well an account is kept. */
export const security = z
  .object({
    email: z.string(),
    emailProven: z.boolean(),
    /** The address that waits to be confirmed by its link. */
    pendingEmail: z.string().nullable(),
    hasPassword: z.boolean(),
    hasTotp: z.boolean(),
    passkeys: z.number().int(),
    recoveryCodesLeft: z.number().int(),
    /** Whether who asks showed password or code in the last minutes. */
    isConfirmed: z.boolean(),
  })
  .meta({ id: "Security" });
export type Security = z.infer<typeof security>;

export const session = z
  .object({
    id,
    device: z.string(),
    /** Where it was opened from: an address, or a network for sessions of older versions. */
    address: z.string(),
    method: z.string(),
    createdAt: instant,
    usedAt: instant,
    isCurrent: z.boolean(),
  })
  .meta({ id: "Session" });
export const sessionList = z.object({ items: z.array(session) }).meta({ id: "SessionList" });
export type Session = z.infer<typeof session>;

export const totpSetup = z
  .object({ secret: z.string(), address: z.string().describe("otpauth:// for a picture") })
  .meta({ id: "TotpSetup" });
export const recoveryCodes = z.object({ codes: z.array(z.string()) }).meta({ id: "RecoveryCodes" });
/** The session goes on by a new token. */
export const factorAdded = accessToken.extend(recoveryCodes.shape).meta({ id: "FactorAdded" });

/** Everything that is stored under a user's name, table by table, without what is secret also to its owner. */
export const accountExport = z
  .object({
    madeAt: instant,
    note: z.string(),
    data: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
  })
  .meta({ id: "AccountExport" });
export const keepRequest = z.object({ token }).strict().meta({ id: "KeepRequest" });
