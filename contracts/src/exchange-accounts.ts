import { z } from "zod";
import { id, instant, textOf } from "./common.ts";

/** The exchanges whose accounts can be connected: those whose keys tell what they may do. */
export const connectableExchanges = ["simulator", "binance", "binanceusdm"] as const;
export const connectableExchange = z.enum(connectableExchanges);
export type ConnectableExchange = z.infer<typeof connectableExchange>;

/** What a key may do, as its exchange says. */
export const keyPermissions = z
  .object({
    read: z.boolean(),
    spot: z.boolean().describe("trade on spot markets"),
    futures: z.boolean().describe("trade futures"),
    withdraw: z.boolean().describe("send money away; such keys are refused"),
    isIpRestricted: z.boolean().describe("works from the addresses its owner allowed only"),
    tradingEndsAt: instant.nullable().describe("when the exchange ends its right to trade"),
  })
  .meta({ id: "KeyPermissions" });
export type KeyPermissions = z.infer<typeof keyPermissions>;

const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
export const balance = z
  .object({
    wallet: z.enum(["spot", "futures"]),
    asset: z.string(),
    free: decimal,
    /** In orders, or what positions hold. */
    locked: decimal,
  })
  .meta({ id: "Balance" });
export type Balance = z.infer<typeof balance>;

/** `needs-key`: its key was destroyed here and has to be entered anew. */
export const exchangeAccountStates = ["works", "refused", "needs-key"] as const;
export const exchangeAccountState = z.enum(exchangeAccountStates);
export type ExchangeAccountState = z.infer<typeof exchangeAccountState>;

/** An account at an exchange. Its key and secret are taken in and never given out. */
export const exchangeAccount = z
  .object({
    id,
    exchange: connectableExchange,
    exchangeName: z.string(),
    /** Nothing on it is real. */
    isSimulated: z.boolean(),
    label: z.string(),
    keyEnd: z.string().describe("the last four characters of the key, to recognise it by"),
    state: exchangeAccountState,
    problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
    permissions: keyPermissions,
    checkedAt: instant,
    /** When the present key was entered. */
    enteredAt: instant,
    createdAt: instant,
  })
  .meta({ id: "ExchangeAccount" });
export type ExchangeAccount = z.infer<typeof exchangeAccount>;

export const exchangeAccountList = z
  .object({
    items: z.array(exchangeAccount),
    exchanges: z.array(
      z.object({ id: connectableExchange, name: z.string(), isSimulated: z.boolean() }),
    ),
    /** What the owner of a key allows at the exchange, as the operator set it; empty: not known. */
    outgoingAddresses: z.array(z.string()),
    /** The operator has stopped new work: no key is taken in. */
    isHalted: z.boolean(),
  })
  .meta({ id: "ExchangeAccountList" });

/** What the exchange just said. */
export const exchangeReading = z
  .object({ account: exchangeAccount, balances: z.array(balance) })
  .meta({ id: "ExchangeReading" });
export type ExchangeReading = z.infer<typeof exchangeReading>;

const label = textOf(1, 60);
/** As exchanges write them: no blanks, nothing beyond ASCII. */
const keyText = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{8,256}$/, "must be the text as the exchange shows it, without blanks");
const credentials = { apiKey: keyText, secret: keyText };

export const exchangeAccountRequest = z
  .object({ exchange: connectableExchange, label, ...credentials })
  .strict()
  .meta({ id: "ExchangeAccountRequest" });
export const keyReplacement = z.object(credentials).strict().meta({ id: "KeyReplacement" });
export const exchangeAccountChange = z
  .object({ label })
  .strict()
  .meta({ id: "ExchangeAccountChange" });
