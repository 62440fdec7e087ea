import type { Rejection } from "../core/core.ts";

/** A refusal as Binance answers it: HTTP status, code and message. */
export class Problem extends Error {
  readonly status: number;
  readonly code: number;
  readonly data: unknown;
  /** Seconds to wait, for 429 and 418. */
  readonly retryAfter: number | null;

  constructor(code: number, message: string, status = 400, extra: Extra = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.data = extra.data;
    this.retryAfter = extra.retryAfter ?? null;
  }

  body(): { code: number; msg: string; data?: unknown } {
    const { code, message: msg, data } = this;
    return data === undefined ? { code, msg } : { code, msg, data };
  }
}

type Extra = Readonly<{ data?: unknown; retryAfter?: number }>;

export const refused = ({ code, message }: Rejection): Problem => new Problem(code, message);

export const missing = (name: string): Problem =>
  new Problem(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);

export const illegal = (name: string, range: string): Problem =>
  new Problem(-1100, `Illegal characters found in parameter '${name}'; legal range is '${range}'.`);

export const notRequired = (name: string): Problem =>
  new Problem(-1106, `Parameter '${name}' sent when not required.`);

export const invalidData = (name: string): Problem =>
  new Problem(-1130, `Data sent for parameter '${name}' is not valid.`);

export const badSymbol = (): Problem => new Problem(-1121, "Invalid symbol.");
export const noSuchOrder = (): Problem => new Problem(-2013, "Order does not exist.");
export const unknownOrder = (): Problem => new Problem(-2011, "Unknown order sent.");
