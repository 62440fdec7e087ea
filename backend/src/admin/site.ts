import type { CountryRule } from "@trading/contracts/countries";
import { hypotheticalNotice } from "@trading/contracts/site";
import type {
  SiteSettings,
  SiteSettingsView,
  siteSettingsChange,
} from "@trading/contracts/site-settings";
import { desc, sql as raw } from "drizzle-orm";
import type { z } from "zod";
import { type Actor, recordDeed } from "../accounts/audit.ts";
import { type Operator, operate } from "../accounts/operate.ts";
import { PlatformError } from "../platform/errors.ts";
import type { Sql } from "../platform/postgres.ts";
import { holdWork } from "../platform/standstill.ts";
import { siteSettings } from "./schema.ts";
import { holdBack, letGoOn } from "./waiting-work.ts";

type Needs = Readonly<{
  sql: Sql;
  /** What the environment says; a setting takes its place. */
  defaults: SiteSettings;
}>;

/** For whatever operators have not set. */
export const siteDefaults = ({
  siteName,
  registration,
}: Pick<SiteSettings, "siteName" | "registration">): SiteSettings => ({
  ...{ siteName, registration, hypotheticalNotice },
  ...{ supportAddress: null, asksCountry: false, blockedCountries: [] },
});

export type Site = ReturnType<typeof createSite>;

/** What operators decide for the whole site. Reading is one row; every change is a new one. */
export function createSite({ sql, defaults }: Needs) {
  const view = ({ version, values, isHalted }: Settings): SiteSettingsView => ({
    version,
    values: { ...defaults, ...values },
    defaults,
    isHalted,
  });

  return {
    settings: async (): Promise<SiteSettingsView> => view(await current(sql)),
    isHalted: async (): Promise<boolean> => (await current(sql)).isHalted,
    siteName: async () => view(await current(sql)).values.siteName,
    registration: async () => view(await current(sql)).values.registration,

    countryRule: async (): Promise<CountryRule> => countryRuleOf(view(await current(sql))),

    notice: async () => view(await current(sql)).values.hypotheticalNotice,

    async history() {
      const rows = await sql
        .select()
        .from(siteSettings)
        .orderBy(desc(siteSettings.version))
        .limit(200);
      return { items: rows.map((row) => ({ ...row, at: row.at.toISOString() })) };
    },

    /** Of two who change the same version one is refused. Throws `conflict`. */
    change: (actor: Operator, { version, values, reason }: z.infer<typeof siteSettingsChange>) =>
      operate(sql, actor, async (transaction) => {
        const old = await lockCurrent(transaction);
        if (old.version !== version) throw stale();
        const known = Object.entries(values).filter(([, value]) => value !== undefined);
        const next = { ...old.values, ...Object.fromEntries(known) };
        const made = { ...old, version: version + 1, values: next };
        await write(transaction, actor, made, reason);
        await recordDeed(transaction, actor, {
          ...{ action: "settings-changed", target: known.map(([name]) => name).join(", "), reason },
          ...{ before: old.values, after: next },
        });
        return view(made);
      }),

    /** The kill switch: from the commit on no request and no worker begins anything; what waits goes on when it is lifted. */
    halt: async (actor: Operator, isHalted: boolean, reason: string): Promise<SiteSettingsView> =>
      view(await operate(sql, actor, (transaction) => halt(transaction, actor, isHalted, reason))),
  };
}

/** The kill switch within a transaction; pressed twice it does nothing more. */
export async function halt(
  transaction: Sql,
  actor: Actor,
  isHalted: boolean,
  reason: string,
): Promise<Settings> {
  await holdWork(transaction);
  const old = await lockCurrent(transaction);
  if (old.isHalted === isHalted) return old;
  const made = { ...old, version: old.version + 1, isHalted };
  await write(transaction, actor, made, reason);
  await (isHalted ? holdBack(transaction) : letGoOn(transaction));
  await recordDeed(transaction, actor, {
    ...{ action: isHalted ? "site-halted" : "site-resumed", target: "the site", reason },
    ...{ before: { isHalted: old.isHalted }, after: { isHalted } },
  });
  return made;
}

const countryRuleOf = ({ values }: SiteSettingsView): CountryRule => ({
  isAsked: values.asksCountry || values.blockedCountries.length > 0,
  blocked: values.blockedCountries,
});

type Settings = Readonly<{ version: number; values: Partial<SiteSettings>; isHalted: boolean }>;

async function current(sql: Sql): Promise<Settings> {
  const [row] = await sql
    .select({
      version: siteSettings.version,
      values: siteSettings.values,
      isHalted: siteSettings.isHalted,
    })
    .from(siteSettings)
    .orderBy(desc(siteSettings.version))
    .limit(1);
  return row ?? { version: 0, values: {}, isHalted: false };
}

/** Any number of our own: whoever changes the settings holds it, so that the kill switch never comes too late for a version. */
const settingsLock = 7_302_008;

/** What holds now, and holds until the transaction ends. */
async function lockCurrent(transaction: Sql): Promise<Settings> {
  await transaction.execute(raw`select pg_advisory_xact_lock(${settingsLock})`);
  return current(transaction);
}

async function write(sql: Sql, { id }: Actor, made: Settings, reason: string): Promise<void> {
  const actorName = raw<string>`coalesce((select name from users where id = ${id}), '')`;
  await sql.insert(siteSettings).values({ ...made, actorName, reason });
}

/** Somebody was faster. */
export const stale = () =>
  new PlatformError("conflict", "Somebody changed this meanwhile: look at it again.");
