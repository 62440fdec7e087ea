import { Account, type Wallet } from "./account.ts";
import type { Funding } from "./perpetual.ts";
import { CrossAccount, perpetualAccount } from "./perpetual-account.ts";
import type { RunSettings } from "./run-settings.ts";

/** What is owed for coins that were sold short on spot, as a share of their worth; who holds coins owes nothing. */
export type Interest = Readonly<{ kind: "interest"; rate: number; everyHours: number }>;

const hoursPerYear = 8_760;

/** Whether a market sells no more than is held: spot lends nothing unless the settings say at what rate. */
export const isCashOnly = ({ perpetual, borrowRate }: RunSettings): boolean =>
  perpetual === undefined && borrowRate === undefined;

/** The account of one market. Who sells borrowed coins is bought in where nothing is left. */
export function accountOf(wallet: Wallet, settings: RunSettings): Account {
  if (settings.perpetual) return perpetualAccount(wallet, settings.perpetual);
  if (isCashOnly(settings)) return new Account(wallet);
  return new CrossAccount(wallet, {
    leverage: 1,
    marginMode: "cross",
    tiers: [{ notionalFrom: 0, maintenanceRate: 0, leverageMax: 1 }],
    liquidationFee: 0,
    funding: null,
  });
}

/** What is due while a position is held: the funding of a perpetual, the interest of what was borrowed; null for neither. */
export function duesOf(
  { perpetual, borrowRate }: RunSettings,
  funding = perpetual?.funding,
): Funding | Interest | null {
  if (perpetual) return funding ?? null;
  if (borrowRate === undefined || borrowRate === 0) return null;
  return { kind: "interest", rate: borrowRate / hoursPerYear, everyHours: 1 };
}
