import { z } from "zod";
import { id, instant, pageOf, pageQuery } from "./common.ts";
import { connectableExchange, exchangeAccountState, keyPermissions } from "./exchange-accounts.ts";

/** Exchange accounts as operators see them. */
const figure = z.number().int();

/** What became of the keys of everybody when they may have been known to others. */
export const keyLeak = z
  .object({
    at: instant,
    accounts: figure,
    users: figure,
    /** Accounts whose owner was told, and those that have a new key since. */
    told: figure,
    reentered: figure,
  })
  .meta({ id: "KeyLeak" });
export const anyExchangeAccountFilter = z.object({
  search: z.string().max(100).default(""),
  exchange: connectableExchange.optional(),
  state: exchangeAccountState.optional(),
});
export const anyExchangeAccountQuery = pageQuery.extend(anyExchangeAccountFilter.shape);
export const anyExchangeAccount = z
  .object({
    id,
    userId: id,
    userName: z.string(),
    exchange: connectableExchange,
    label: z.string(),
    keyEnd: z.string(),
    state: exchangeAccountState,
    problem: z.string().nullable(),
    permissions: keyPermissions,
    checkedAt: instant,
    enteredAt: instant,
    /** When its key was destroyed last, since it may have leaked; null: never. */
    destroyedAt: instant.nullable(),
    toldAt: instant.nullable(),
    /** A new key was entered after that. */
    isReentered: z.boolean(),
  })
  .meta({ id: "AnyExchangeAccount" });
export type AnyExchangeAccount = z.infer<typeof anyExchangeAccount>;
export const anyExchangeAccountPage = pageOf(anyExchangeAccount)
  .extend({ leak: keyLeak.nullable() })
  .meta({ id: "AnyExchangeAccountPage" });
export const keysDestroyed = z
  .object({
    accounts: figure.describe(
      "keys that were destroyed now, also those that were only being tried; the second time there is none",
    ),
    users: figure,
  })
  .meta({ id: "KeysDestroyed" });
