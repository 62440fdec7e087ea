import { z } from "zod";
import { reason } from "./audit.ts";
import { emailAddress, instant, textOf } from "./common.ts";
import { country } from "./countries.ts";
import { countryCodes } from "./country-codes.ts";

const version = z.number().int();
const settingFields = {
  siteName: textOf(1, 40),
  /** Whom people write to; null: nobody is named. */
  supportAddress: emailAddress.nullable(),
  registration: z.enum(["open", "invitation", "closed"]),
  /** People say in which country they live, also while none is blocked. */
  asksCountry: z.boolean(),
  /** Who says to live there gets no account, and begins nothing with one they have. */
  blockedCountries: z.array(country).max(countryCodes.length),
  /** What stands on every backtest and report; the history of the settings keeps each version. */
  hypotheticalNotice: textOf(40, 600),
};
export const siteSettings = z.object(settingFields).strict().meta({ id: "SiteSettings" });
export type SiteSettings = z.infer<typeof siteSettings>;
export const siteSettingsView = z
  .object({
    /** Grows with each change; a change names the one it was made from. */
    version,
    values: siteSettings,
    /** What the environment says, for whatever nobody has set here. */
    defaults: siteSettings,
    isHalted: z.boolean(),
  })
  .meta({ id: "SiteSettingsView" });
export type SiteSettingsView = z.infer<typeof siteSettingsView>;
/** Part of headers, labels and lines: no control characters, no ends of lines, nothing unseen that turns text around. */
const oneLine = String.raw`^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]+$`;
const siteName = settingFields.siteName
  .regex(new RegExp(oneLine), "must be one line")
  .refine((name) => !/\p{Cf}/u.test(name), "must hold no invisible characters");
export const siteSettingsChange = z
  .object({
    version,
    values: z
      .object({ ...settingFields, siteName })
      .partial()
      .strict(),
    reason,
  })
  .strict()
  .meta({ id: "SiteSettingsChange" });
export const siteSettingsHistory = z
  .object({
    items: z.array(
      z.object({
        version,
        at: instant,
        actorName: z.string(),
        reason: z.string(),
        values: siteSettings.partial(),
        isHalted: z.boolean(),
      }),
    ),
  })
  .meta({ id: "SiteSettingsHistory" });
/** 64 kB in base64. */
const logoTextMax = 87_384;
export const logoChange = z
  .object({
    image: z
      .string()
      .regex(/^[A-Za-z0-9+/]+={0,2}$/, "must be base64")
      .max(logoTextMax, "at most 64 kB")
      .nullable()
      .describe("a PNG of at most 64 kB and 512 × 512, as base64; null takes the logo away"),
    reason,
  })
  .strict()
  .meta({ id: "LogoChange" });
