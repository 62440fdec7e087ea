import { z } from "zod";
import { otherSeries } from "./backtests.ts";
import { emailAddress, id, instant, textOf, timeframe } from "./common.ts";
import { country, residence } from "./countries.ts";
import { legalAcceptance, legalKinds } from "./notices.ts";
import { runSettings } from "./run-settings.ts";
import { parameterValues } from "./strategies.ts";

export const roles = ["user", "support", "admin"] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;

/**
 * What an operation may ask for: `read` and `write` one's own things and read what everybody shares, `begin` new
 * work, `security` is how one's account is kept, `oversee` looks at everybody's, `operate` changes things of everybody.
 */
export const permissions = ["read", "write", "begin", "security", "oversee", "operate"] as const;
export type Permission = (typeof permissions)[number];

/** Plain letters only: a name that looks like somebody else's, written with letters of another script, is none. */
export const userName = z
  .string()
  .trim()
  .min(3)
  .max(40)
  .regex(/^[A-Za-z0-9._-]+$/, "letters A to Z, digits, dot, underscore and hyphen only");
export const newPassword = z.string().min(12, "at least 12 characters").max(256);

const oneTimeToken = z.string().min(20).max(200);

export const registerRequest = z
  .object({
    name: userName,
    email: emailAddress,
    password: newPassword,
    invitation: oneTimeToken
      .optional()
      .describe("token of an invitation; needed where the site takes new accounts by invitation"),
    country: country.optional().describe("where they live; needed where the site asks for it"),
    agreesTo: z
      .array(legalAcceptance)
      .max(legalKinds.length)
      .optional()
      .describe("the texts of GET /api/v1/legal in the versions that were read: all of them"),
  })
  .strict()
  .meta({ id: "RegisterRequest" });
export const loginRequest = z
  .object({
    identifier: textOf(1, 254).describe("name or e-mail address"),
    password: z.string().min(1).max(256),
    code: textOf(6, 40)
      .optional()
      .describe("of an authenticator app, or a recovery code; where the account asks for one"),
  })
  .strict()
  .meta({ id: "LoginRequest" });
export const linkRequest = z.object({ token: oneTimeToken }).strict().meta({ id: "LinkRequest" });

export const accessToken = z
  .object({
    accessToken: z.string(),
    tokenType: z.literal("Bearer"),
    expiresIn: z.number().int().describe("seconds"),
  })
  .meta({ id: "AccessToken" });

/** Everything the workbench is set to; a null end of the range takes all there is. */
export const workbenchState = z
  .object({
    strategy: z.string().max(80),
    /** A version that is not the newest one; left out for the newest. */
    version: z.string().max(80).optional(),
    seriesId: id,
    others: z.array(otherSeries).max(19).optional().describe("share the wallet"),
    timeframe,
    from: instant.nullable(),
    to: instant.nullable().describe("exclusive"),
    parameters: parameterValues,
    settings: runSettings,
  })
  .strict();
export type WorkbenchState = z.infer<typeof workbenchState>;

const entriesMax = 64;

/** A record that a person fills by using the pages, never a program by the thousand. */
function fewEntries<Value extends z.ZodType>(value: Value) {
  return z
    .record(z.string().max(64), value)
    .refine((entries) => Object.keys(entries).length <= entriesMax, `at most ${entriesMax} entries`)
    .meta({ maxProperties: entriesMax });
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

const settingsFields = {
  theme: z.enum(["dark", "light", "system"]),
  colours: z.enum(["teal-red", "blue-orange"]),
  timeZone: z.string().max(64).refine(isTimeZone, "must be a time zone such as Europe/Berlin"),
  /** What the user counts in: markets quoted in it come first, and a fresh workbench opens on one. */
  currency: z.string().regex(/^[A-Z0-9]{2,12}$/, "must be a code such as USDT"),
  /** What a fresh backtest begins with. */
  capital: z.number().positive().max(1e12),
  /** Sizes of splits in the workbench, shares of the whole. */
  layout: fewEntries(z.number()),
  /** Columns a user has hidden, by table. */
  hiddenColumns: fewEntries(z.array(z.string().max(64)).max(64)),
  /** The workbench opens as it was left. */
  workbench: workbenchState,
};

/** What a user has set for the screens; kept on the server so that it follows them. */
export const userSettings = z
  .object({
    theme: settingsFields.theme.default("dark"),
    colours: settingsFields.colours.default("teal-red"),
    timeZone: settingsFields.timeZone.default("UTC"),
    currency: settingsFields.currency.default("USDT"),
    capital: settingsFields.capital.default(10_000),
    layout: settingsFields.layout.default({}),
    hiddenColumns: settingsFields.hiddenColumns.default({}),
    workbench: settingsFields.workbench.optional(),
  })
  .strict()
  .meta({ id: "UserSettings" });
export type UserSettings = z.infer<typeof userSettings>;

export const me = z
  .object({
    id,
    name: z.string(),
    email: z.string(),
    role,
    createdAt: instant,
    settings: userSettings,
    /** An operator looks at the account in this session: nothing can be changed in it. */
    isLookedAt: z.boolean(),
    /** What whoever asks may do, by this session or token: pages show no action beyond it. */
    may: z.array(z.enum(permissions)),
    residence,
  })
  .meta({ id: "Me" });
export type Me = z.infer<typeof me>;

/** Changes what it names; defaults have no place here, they would undo what was set before. */
export const settingsPatch = z
  .object(settingsFields)
  .partial()
  .strict()
  .meta({ id: "SettingsPatch" });
export type SettingsPatch = z.infer<typeof settingsPatch>;
