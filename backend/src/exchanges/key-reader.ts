import type {
  Balance,
  ConnectableExchange,
  KeyPermissions,
} from "@trading/contracts/exchange-accounts";
import { z } from "zod";
import { PlatformError } from "../platform/errors.ts";
import { CallFailed, type CcxtClient, guardCalls, loadClient, merged } from "./ccxt-calls.ts";
import { ExchangeUnavailable } from "./exchange.ts";
import { isSimulated, simulatorSettings } from "./offered-exchanges.ts";

export type Credentials = Readonly<{ apiKey: string; secret: string }>;
export type KeyReading = Readonly<{ permissions: KeyPermissions; balances: readonly Balance[] }>;

/** What a key may do and what its account holds, asked of the exchange now. */
export type KeyReader = Readonly<{
  /**
   * Throws `key-refused`, `key-secret-wrong`, `key-expired`, `key-can-withdraw`, `exchange-clock`,
   * `exchange-rate-limited` or `exchange-unavailable`. No error holds anything that the exchange said, since
   * exchanges repeat keys and signatures.
   */
  read(exchange: ConnectableExchange, by: Credentials, signal: AbortSignal): Promise<KeyReading>;
}>;

type Options = Readonly<{
  /** Where the simulated exchange answers; without it there is none. */
  simulatorUrl: string | null;
  /** Another place for an exchange, in a test: its origin. */
  standIns?: Readonly<Partial<Record<ConnectableExchange, string>>>;
  deadlineMs?: number;
  now?: () => number;
}>;

type Connectable = Readonly<{ name: string; wallets: readonly Balance["wallet"][] }>;
const connectable: Readonly<Record<ConnectableExchange, Connectable>> = {
  simulator: { name: "Simulated exchange", wallets: ["spot", "futures"] },
  binance: { name: "Binance spot", wallets: ["spot"] },
  binanceusdm: { name: "Binance USDⓈ-M futures", wallets: ["futures"] },
};
export const nameOfConnectable = (id: ConnectableExchange): string => connectable[id].name;

/** The only places a key is ever sent to, besides the simulated exchange that the configuration names. */
const origins = ["https://api.binance.com", "https://fapi.binance.com"];

/** What is used of ccxt's Binance client: its raw requests, so that no market list is read to look at a key. */
type BinanceClient = CcxtClient &
  Readonly<{
    sapiGetAccountApiRestrictions(): Promise<unknown>;
    privateGetAccount(parameters: object): Promise<unknown>;
    fapiPrivateV3GetBalance(): Promise<unknown>;
  }>;

/** Asks one thing in one signed request; throws what `KeyReader` does. */
type Ask = <Answer>(shape: z.ZodType<Answer>, call: () => Promise<unknown>) => Promise<Answer>;

/** Reads keys through ccxt. Each reading has a client of its own, which is dropped with the key afterwards. */
export function createKeyReader(options: Options): KeyReader {
  const { simulatorUrl, standIns = {}, deadlineMs = 15_000, now = Date.now } = options;
  /** Until when an exchange asked to be left alone: who goes on asking is shut out, and everybody with them. */
  const quietUntil = new Map<ConnectableExchange, number>();

  const requireQuietOver = (exchange: ConnectableExchange, name: string): void => {
    const quietMs = (quietUntil.get(exchange) ?? 0) - now();
    if (quietMs > 0) throw askedTooOften(name, Math.ceil(quietMs / 1_000));
  };
  const told = (failed: CallFailed, exchange: ConnectableExchange, name: string): PlatformError => {
    const trouble = troubleOf(failed, name);
    if (trouble.code === "exchange-rate-limited")
      quietUntil.set(exchange, now() + (trouble.retryAfter ?? waitSeconds) * 1_000);
    return trouble;
  };
  const open = async (exchange: ConnectableExchange, by: Credentials, signal: AbortSignal) => {
    const { name } = connectable[exchange];
    const place = standIns[exchange] ?? (isSimulated(exchange) ? simulatorUrl : undefined);
    if (place === null) throw new ExchangeUnavailable(`${name} does not run on this site.`, false);
    const addresses = place === undefined ? {} : simulatorSettings(place);
    const client = await loadClient<BinanceClient>(
      "binance",
      merged({ apiKey: by.apiKey, secret: by.secret, timeout: deadlineMs }, addresses),
    );
    const allowed = place === undefined ? origins : [new URL(place).origin];
    const { run } = guardCalls(client, { deadlineMs, origins: allowed });
    // For all its requests together.
    const deadline = AbortSignal.timeout(deadlineMs);
    const ask: Ask = async (shape, call) => {
      try {
        return understood(shape, await run(AbortSignal.any([signal, deadline]), call), name);
      } catch (error) {
        signal.throwIfAborted();
        if (deadline.aborted)
          throw new ExchangeUnavailable(`${name} did not answer in time.`, true);
        throw error instanceof CallFailed ? told(error, exchange, name) : error;
      }
    };
    return { client, ask };
  };

  return {
    async read(exchange, by, signal) {
      const { name, wallets } = connectable[exchange];
      requireQuietOver(exchange, name);
      const { client, ask } = await open(exchange, by, signal);
      const said = await ask(restrictionsAnswer, () => client.sapiGetAccountApiRestrictions());
      const permissions = permissionsOf(said);
      requireHarmless(permissions, name, now());
      const balances: Balance[] = [];
      for (const wallet of wallets)
        balances.push(
          ...(wallet === "spot"
            ? await ask(spotAnswer, () => client.privateGetAccount({ omitZeroBalances: "true" }))
            : await ask(futuresAnswer, () => client.fapiPrivateV3GetBalance())),
        );
      return { permissions, balances: balances.filter(isHeld) };
    },
  };
}

/** ccxt hands on what JSON said, with numbers as texts. */
const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);
const amount = z.string().regex(/^-?\d{1,30}(\.\d{1,30})?$/);
const asset = z.string().regex(/^[\p{L}\p{N}_.-]{1,40}$/u);
const restrictionsAnswer = z.object({
  ipRestrict: flag,
  enableReading: flag,
  enableSpotAndMarginTrading: flag,
  enableFutures: flag.default(false),
  // What cannot be read is not believed to be harmless.
  enableWithdrawals: flag,
  tradingAuthorityExpirationTime: z.coerce.number().int().positive().max(8e12).optional(),
});
const spotAnswer = z
  .object({ balances: z.array(z.object({ asset, free: amount, locked: amount })) })
  .transform(({ balances }) => balances.map((one) => ({ wallet: "spot" as const, ...one })));
const futuresAnswer = z
  .array(z.object({ asset, balance: amount, availableBalance: amount }))
  .transform((list) =>
    list.map(({ asset, balance, availableBalance: free }) => ({
      ...{ wallet: "futures" as const, asset, free },
      locked: difference(balance, free),
    })),
  );

function understood<Answer>(shape: z.ZodType<Answer>, answer: unknown, name: string): Answer {
  const { data, success } = shape.safeParse(answer);
  if (success) return data;
  throw new ExchangeUnavailable(`${name} answered something that is not understood.`, true);
}

const permissionsOf = (said: z.output<typeof restrictionsAnswer>): KeyPermissions => ({
  read: said.enableReading,
  spot: said.enableSpotAndMarginTrading,
  futures: said.enableFutures,
  withdraw: said.enableWithdrawals,
  isIpRestricted: said.ipRestrict,
  tradingEndsAt:
    said.tradingAuthorityExpirationTime === undefined
      ? null
      : new Date(said.tradingAuthorityExpirationTime).toISOString(),
});

function requireHarmless(may: KeyPermissions, name: string, nowMs: number): void {
  if (may.withdraw) {
    throw new PlatformError(
      "key-can-withdraw",
      `This key may withdraw money from ${name}. Take that permission away there, or make a key without it.`,
    );
  }
  if (!may.read)
    throw new PlatformError("key-refused", `This key may not read. Allow reading at ${name}.`);
  if (may.tradingEndsAt !== null && Date.parse(may.tradingEndsAt) <= nowMs) {
    throw new PlatformError(
      "key-expired",
      `The right of this key to trade ended on ${may.tradingEndsAt.slice(0, 10)}. Make a new key at ${name}.`,
    );
  }
}

const isHeld = ({ free, locked }: Balance): boolean => /[1-9]/.test(free + locked);

/** `a - b` of two decimals, exactly; what is free may be more than the balance, by unrealised profit. */
function difference(a: string, b: string): string {
  const places = Math.max(...[a, b].map((text) => text.split(".")[1]?.length ?? 0));
  const units = (text: string) => {
    const [whole = "", part = ""] = text.split(".");
    return BigInt(whole + part.padEnd(places, "0"));
  };
  const left = units(a) - units(b);
  if (left <= 0n) return "0";
  const digits = left.toString().padStart(places + 1, "0");
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

const waitSeconds = 60;
const askedTooOften = (name: string, retryAfter: number): PlatformError =>
  new PlatformError("exchange-rate-limited", `${name} is asked too often at present.`, {
    retryAfter,
  });

/** Binance's codes first, since ccxt's classes mix them; what the exchange said is read here and goes no further. */
function troubleOf(failed: CallFailed, name: string): PlatformError {
  const { kinds, said, retryAfter, unreached } = failed;
  if (unreached !== null)
    return new ExchangeUnavailable(`${name} cannot be reached: ${unreached}.`, true);
  const code = Number(/"code"\s*:\s*"?(-?\d{1,6})/.exec(said)?.[1] ?? Number.NaN);
  if (code === -1021 || kinds.has("InvalidNonce"))
    return new PlatformError(
      "exchange-clock",
      `${name} refused the request because of its time: this server's clock is wrong.`,
    );
  if (code === -1003 || kinds.has("DDoSProtection") || kinds.has("RateLimitExceeded"))
    return askedTooOften(name, retryAfter ?? waitSeconds);
  if (code === -1022)
    return new PlatformError("key-secret-wrong", "The secret does not belong to this key.");
  const isKey = [-2008, -2014, -2015, -1099].includes(code) || kinds.has("AuthenticationError");
  if (isKey && /expired/i.test(said))
    return new PlatformError("key-expired", `This key has expired. Make a new one at ${name}.`);
  if (isKey)
    return new PlatformError(
      "key-refused",
      `${name} does not accept this key: it is mistyped or deleted, it may not do what is needed, or it does not allow this server's address.`,
    );
  const isPassing = kinds.has("NetworkError") || !kinds.has("BaseError");
  return new ExchangeUnavailable(
    `${name} did not answer as expected${Number.isNaN(code) ? "" : ` (code ${code})`}.`,
    isPassing,
  );
}
