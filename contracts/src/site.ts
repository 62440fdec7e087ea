import { z } from "zod";

/** Stands on every backtest, offer and export, where operators have not written their own. */
export const hypotheticalNotice =
  "Backtests are hypothetical. They are made with hindsight, trade without moving the market, and do not promise any future result.";

/** What a page needs to know before anyone has signed in. */
export const site = z
  .object({
    name: z.string(),
    version: z.string(),
    environment: z.enum(["development", "production"]),
    registration: z.enum(["open", "invitation", "closed"]),
    /** Whoever makes an account says in which country they live. */
    asksCountry: z.boolean(),
    /** Whom people write to; null: nobody is named. */
    supportAddress: z.string().nullable(),
    /** Nothing new begins at present: an operator has stopped it. */
    isHalted: z.boolean(),
    hypotheticalNotice: z.string(),
    /** Which logo `GET /site/logo` answers with; null: there is none. */
    logoVersion: z.number().int().nullable(),
    /** Where mails go: to people, to a page that operators of a development site read, or nowhere. */
    mail: z.enum(["sent", "caught", "none"]),
    /** True when the bundled example series is generated, not recorded. */
    hasSyntheticData: z.boolean(),
  })
  .meta({ id: "Site" });
export type Site = z.infer<typeof site>;

const check = z.object({ ok: z.boolean(), message: z.string() });
export const health = z
  .object({ status: z.literal("ok"), version: z.string() })
  .meta({ id: "Health" });
export const readiness = z
  .object({ ready: z.boolean(), checks: z.record(z.string(), check) })
  .meta({ id: "Readiness" });
