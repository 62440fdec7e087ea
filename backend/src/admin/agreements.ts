import type { LegalAcceptance } from "@trading/contracts/notices";
import type { Agreements } from "../accounts/accounts.ts";
import { PlatformError } from "../platform/errors.ts";
import type { Sql } from "../platform/postgres.ts";
import { newestTexts } from "./notices.ts";
import { legalAcceptances } from "./schema.ts";

/** What people agree to when they make an account: every text that is published, as it was read. */
export const createAgreements = (sql: Sql): Agreements => ({
  async require(agreed) {
    const missing = (await newestTexts(sql)).filter((text) => !isAmong(agreed, text));
    if (missing.length === 0) return;
    const names = missing.map(({ kind }) => kind).join(", ");
    throw new PlatformError("agreement-needed", `Agree first to what the site asks: ${names}.`, {
      errors: [{ where: "agreesTo", message: `lacks the newest version of: ${names}` }],
    });
  },

  /** A text that was published in between is asked for once the account is there. */
  async record(transaction, userId, agreed, address) {
    const texts = await newestTexts(transaction);
    const values = texts
      .filter((text) => isAmong(agreed, text))
      .map(({ kind, version }) => ({ userId, kind, version, address }));
    if (values.length > 0) await transaction.insert(legalAcceptances).values(values);
  },
});

const isAmong = (agreed: readonly LegalAcceptance[], { kind, version }: LegalAcceptance): boolean =>
  agreed.some((one) => one.kind === kind && one.version === version);
