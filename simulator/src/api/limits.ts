import type { Execution } from "../core/journal.ts";
import type { Account, Order } from "../core/state.ts";
import { Problem } from "./problem.ts";

/** Rate limits of an exchange; tests and faults may tighten them. */
export type LimitSettings = {
  weightPerMinute: number;
  rawPerFiveMinutes: number;
  ordersPerTenSeconds: number;
  ordersPerDay: number;
  /** So many 429 in one minute turn into a ban. */
  refusalsBeforeBan: number;
};

export const binanceLimits: Readonly<LimitSettings> = {
  weightPerMinute: 6000,
  rawPerFiveMinutes: 61_000,
  ordersPerTenSeconds: 100,
  ordersPerDay: 200_000,
  refusalsBeforeBan: 30,
};

type Window = { start: number; used: number };
type Caller = { minute: Window; raw: Window; refusals: Window; bans: number; bannedUntil: number };
type OrderWindows = { short: Window; day: Window };

export type RateLimitView = Readonly<{
  rateLimitType: string;
  interval: string;
  intervalNum: number;
  limit: number;
  count?: number;
}>;

const minuteMs = 60_000;
const dayMs = 86_400_000;
const shortMs = 10_000;
const rawMs = 5 * minuteMs;
const shortestBanMs = 2 * minuteMs;
const longestBanMs = 3 * dayMs;

/** Counts what callers use. All times are exchange times in ms. */
export class Limits {
  readonly settings: LimitSettings;
  readonly #now: () => number;
  readonly #callers = new Map<string, Caller>();
  readonly #accounts = new Map<Account, OrderWindows>();

  constructor(now: () => number, settings: LimitSettings) {
    this.#now = now;
    this.settings = settings;
  }

  /** Charges a request. Throws 418 while banned and 429 beyond the limit. */
  charge(ip: string, weight: number): void {
    const caller = this.#callerOf(ip);
    if (caller.bannedUntil > this.#now()) throw banned(caller.bannedUntil, this.#now());
    const minute = this.#turn(caller.minute, minuteMs);
    const raw = this.#turn(caller.raw, rawMs);
    minute.used += weight;
    raw.used += 1;
    if (minute.used > this.settings.weightPerMinute) throw this.#refuse(caller, false);
    if (raw.used > this.settings.rawPerFiveMinutes) throw this.#refuse(caller, true);
  }

  usedWeight(ip: string): number {
    return this.#turn(this.#callerOf(ip).minute, minuteMs).used;
  }

  /** Counts new orders. Throws 429 (-1015) beyond the limit. */
  countOrders(account: Account, orders: number): void {
    const { ordersPerTenSeconds, ordersPerDay } = this.settings;
    const { short, day } = this.#windowsOf(account);
    if (short.used + orders > ordersPerTenSeconds) {
      throw tooManyOrders(ordersPerTenSeconds, "10 SECOND", secondsLeft(this.#now(), shortMs));
    }
    if (day.used + orders > ordersPerDay) {
      throw tooManyOrders(ordersPerDay, "1 DAY", secondsLeft(this.#now(), dayMs));
    }
    short.used += orders;
    day.used += orders;
  }

  orderCounts(account: Account): { short: number; day: number } {
    const { short, day } = this.#windowsOf(account);
    return { short: short.used, day: day.used };
  }

  /** An order's first fill gives its count back. */
  onExecution(order: Order, { kind, lots }: Execution): void {
    if (kind !== "TRADE" || order.account.isHouse || order.executed !== lots) return;
    const { short, day } = this.#windowsOf(order.account);
    short.used = Math.max(0, short.used - 1);
    day.used = Math.max(0, day.used - 1);
  }

  views(): RateLimitView[] {
    const { weightPerMinute, ordersPerTenSeconds, ordersPerDay, rawPerFiveMinutes } = this.settings;
    return [
      view("REQUEST_WEIGHT", "MINUTE", 1, weightPerMinute),
      view("ORDERS", "SECOND", 10, ordersPerTenSeconds),
      view("ORDERS", "DAY", 1, ordersPerDay),
      view("RAW_REQUESTS", "MINUTE", 5, rawPerFiveMinutes),
    ];
  }

  orderViews(account: Account): RateLimitView[] {
    const { short, day } = this.orderCounts(account);
    const { ordersPerTenSeconds, ordersPerDay } = this.settings;
    return [
      { ...view("ORDERS", "SECOND", 10, ordersPerTenSeconds), count: short },
      { ...view("ORDERS", "DAY", 1, ordersPerDay), count: day },
    ];
  }

  /** The limits a WebSocket answer carries. */
  callViews(ip: string, account: Account | null): RateLimitView[] {
    const weight = view("REQUEST_WEIGHT", "MINUTE", 1, this.settings.weightPerMinute);
    return [
      ...(account === null ? [] : this.orderViews(account)),
      { ...weight, count: this.usedWeight(ip) },
    ];
  }

  #turn(window: Window, lengthMs: number): Window {
    const start = this.#now() - (this.#now() % lengthMs);
    if (window.start !== start) {
      window.start = start;
      window.used = 0;
    }
    return window;
  }

  #callerOf(ip: string): Caller {
    const found = this.#callers.get(ip);
    if (found !== undefined) return found;
    const fresh = { minute: empty(), raw: empty(), refusals: empty(), bans: 0, bannedUntil: 0 };
    this.#callers.set(ip, fresh);
    return fresh;
  }

  #windowsOf(account: Account): OrderWindows {
    const windows = this.#accounts.get(account) ?? { short: empty(), day: empty() };
    this.#accounts.set(account, windows);
    this.#turn(windows.short, shortMs);
    this.#turn(windows.day, dayMs);
    return windows;
  }

  /** A refusal; too many of them turn into a ban that doubles each time. */
  #refuse(caller: Caller, isRaw: boolean): Problem {
    const { refusalsBeforeBan, rawPerFiveMinutes, weightPerMinute } = this.settings;
    const now = this.#now();
    const refusals = this.#turn(caller.refusals, minuteMs);
    refusals.used += 1;
    if (refusals.used > refusalsBeforeBan) {
      caller.bannedUntil = now + Math.min(longestBanMs, shortestBanMs * 2 ** caller.bans);
      caller.bans += 1;
      return banned(caller.bannedUntil, now);
    }
    const limit = isRaw
      ? `${rawPerFiveMinutes} requests per 5 MINUTES`
      : `${weightPerMinute} request weight per 1 MINUTE`;
    return new Problem(
      -1003,
      `Too much request weight used; current limit is ${limit}. Please use WebSocket Streams for live updates to avoid polling the API.`,
      429,
      { retryAfter: secondsLeft(now, isRaw ? rawMs : minuteMs) },
    );
  }
}

const empty = (): Window => ({ start: 0, used: 0 });

const view = (
  rateLimitType: string,
  interval: string,
  intervalNum: number,
  limit: number,
): RateLimitView => ({ rateLimitType, interval, intervalNum, limit });

const secondsLeft = (now: number, lengthMs: number): number =>
  Math.ceil((lengthMs - (now % lengthMs)) / 1000);

const banned = (until: number, now: number): Problem =>
  new Problem(
    -1003,
    `Way too much request weight used; IP banned until ${until}. Please use WebSocket Streams for live updates to avoid bans.`,
    418,
    { retryAfter: Math.ceil((until - now) / 1000) },
  );

const tooManyOrders = (limit: number, per: string, retryAfter: number): Problem =>
  new Problem(-1015, `Too many new orders; current limit is ${limit} orders per ${per}.`, 429, {
    retryAfter,
  });
