import type { ApiKey, Keys } from "../api/keys.ts";
import { verifySignature } from "../api/keys.ts";
import type { Operation, Venue } from "../api/operation.ts";
import { Parameters } from "../api/parameters.ts";
import { missing, Problem } from "../api/problem.ts";
import type { Account } from "../core/state.ts";

/** One request of either transport, before anything was checked. */
export type Incoming = Readonly<{
  venue: Venue;
  operation: Operation;
  values: ReadonlyMap<string, string>;
  /** What the signature covers. */
  payload: string;
  apiKey: string | null;
  ip: string;
  /** The key a WebSocket session is logged on with: its own requests need no signature. */
  session: ApiKey | null;
}>;

/** A request whose sender is known. */
export type Checked = Readonly<{
  parameters: Parameters;
  account: Account | null;
  key: ApiKey | null;
}>;

const signing = ["timestamp", "recvWindow", "signature", "apiKey", "returnRateLimits"];
const defaultRecvWindowMs = 5000;
const mostRecvWindowMs = 60_000;
const windowForm = /^[0-9]{1,9}(\.[0-9]{1,3})?$/;

/** Who sends this, and may they? Throws what Binance answers otherwise. */
export function authenticate(keys: Keys, incoming: Incoming): Checked {
  const parameters = new Parameters(incoming.values);
  const { operation, session } = incoming;
  checkNames(operation, parameters);
  if (operation.security === "NONE") return { parameters, account: null, key: null };
  const key = findKey(keys, incoming);
  const account = incoming.venue.accountOf(key.account);
  if (operation.security === "KEY") return { parameters, account, key };
  if (key !== session || parameters.has("signature")) {
    const signature = parameters.required("signature");
    parameters.required("timestamp");
    verifySignature(key, incoming.payload, signature);
  }
  checkTime(incoming.venue, parameters);
  return { parameters, account, key };
}

function findKey(keys: Keys, { apiKey, session }: Incoming): ApiKey {
  if (apiKey === null && session !== null) return session;
  if (apiKey === null || !/^[a-zA-Z0-9]{1,100}$/.test(apiKey)) {
    throw new Problem(-2014, "API-key format invalid.", 401);
  }
  const key = keys.find(apiKey);
  if (key === null) {
    throw new Problem(-2015, "Invalid API-key, IP, or permissions for action.", 401);
  }
  return key;
}

function checkNames(operation: Operation, parameters: Parameters): void {
  if (operation.parameters[0] === "*") return;
  let unknown = 0;
  let sent = 0;
  // Over WebSocket a key may come with any call, needed or not.
  const mayBeSigned = operation.security !== "NONE" || parameters.has("apiKey");
  for (const name of parameters.names()) {
    if (name === "returnRateLimits" || (mayBeSigned && signing.includes(name))) continue;
    sent += 1;
    if (!operation.parameters.includes(name)) unknown += 1;
  }
  if (unknown === 0) return;
  throw operation.parameters.length === 0
    ? new Problem(-1101, `Too many parameters; expected '0' and received '${sent}'.`)
    : new Problem(
        -1104,
        `Not all sent parameters were read; read '${sent - unknown}' parameter(s) but was sent '${sent}'.`,
      );
}

/** The timing rule; called on receipt and again just before the engine acts. */
export function checkTime(venue: Venue, parameters: Parameters): void {
  const { faults } = venue;
  const timestamp = parameters.time("timestamp");
  if (timestamp === null) throw missing("timestamp");
  const window = Math.min(readWindow(parameters), faults.recvWindowMs());
  const now = faults.clock();
  if (timestamp >= now + 1000) {
    throw new Problem(-1021, "Timestamp for this request was 1000ms ahead of the server's time.");
  }
  if (now - timestamp > window) {
    throw new Problem(-1021, "Timestamp for this request is outside of the recvWindow.");
  }
}

function readWindow(parameters: Parameters): number {
  const text = parameters.text("recvWindow");
  if (text === null) return defaultRecvWindowMs;
  if (!windowForm.test(text)) {
    throw new Problem(
      -1100,
      "Illegal characters found in parameter 'recvWindow'; legal range is '^[0-9]{1,9}(\\.[0-9]{1,3})?$'.",
    );
  }
  const window = Number(text);
  if (window > mostRecvWindowMs) throw new Problem(-1131, "recvWindow must be less than 60000.");
  return window;
}

export const weightOf = (operation: Operation, parameters: Parameters): number =>
  typeof operation.weight === "number" ? operation.weight : operation.weight(parameters);
