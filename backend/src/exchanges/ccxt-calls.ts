import { AsyncLocalStorage } from "node:async_hooks";
import type { Exchange as Ccxt } from "ccxt";
import { networkProblem } from "./network-problem.ts";

/** What is asked of ccxt's classes here; `id` is that of a module of ccxt. */
export type CcxtClient = Pick<Ccxt, "fetchImplementation">;
type Settings = Readonly<{
  deadlineMs: number;
  /** Requests to other origins are not made; left out where no secret travels. */
  origins?: readonly string[];
}>;

/** One client per module of ccxt; modules are loaded when they are wanted. */
export async function loadClient<Client>(id: string, settings: object): Promise<Client> {
  const file = new URL(`./src/${id}.js`, import.meta.resolve("ccxt")).href;
  const module: unknown = await import(file);
  const { default: Client } = module as { default: new (settings: object) => Client };
  return new Client(settings);
}

type Tree = Record<string, unknown>;
const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Settings on settings, at every depth. */
export function merged(...settings: readonly object[]): Tree {
  const result: Tree = {};
  for (const source of settings) {
    for (const [key, value] of Object.entries(source)) {
      const before = result[key];
      result[key] = isTree(before) && isTree(value) ? merged(before, value) : value;
    }
  }
  return result;
}

/**
 * Why a call did not succeed. ccxt's own error holds requests and answers, signed addresses and keys among them: it is
 * looked at here and never goes on.
 */
export class CallFailed extends Error {
  /** The names of the classes of ccxt's error. */
  readonly kinds: ReadonlySet<string>;
  /** What the exchange or ccxt said; may hold anything. */
  readonly said: string;
  readonly retryAfter: number | undefined;
  /** Why there was no answer at all. */
  readonly unreached: string | null;
  readonly isLate: boolean;

  constructor(error: unknown, { retryAfter, unreached }: Call, isLate: boolean) {
    super("a call of an exchange failed");
    this.name = "CallFailed";
    this.kinds = kindsOf(error);
    this.said = textOf(error);
    this.retryAfter = retryAfter;
    this.unreached = unreached;
    this.isLate = isLate;
  }
}

/** Of its last request: how long to wait, and why there was no answer. ccxt's errors do not carry them. */
type Call = {
  readonly signal: AbortSignal;
  retryAfter: number | undefined;
  unreached: string | null;
};

export type CcxtCalls = Readonly<{
  /** Throws `CallFailed`, or the reason of the signal. */
  run<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result>;
}>;

/** Makes every call of a client end by a deadline of ours: ccxt's own no longer counts once an answer has begun. */
export function guardCalls(client: CcxtClient, { deadlineMs, origins }: Settings): CcxtCalls {
  /** What the requests of one call share; several calls may run at once. */
  const calls = new AsyncLocalStorage<Call>();

  client.fetchImplementation = async (url: string, init: RequestInit): Promise<Response> => {
    if (origins !== undefined && !origins.includes(new URL(url).origin))
      throw new Error("a request to an origin that is not on the list");
    const call = calls.getStore();
    const signals = [call?.signal, init.signal].filter((signal) => signal instanceof AbortSignal);
    const answer = fetch(url, { ...init, signal: AbortSignal.any(signals), redirect: "error" });
    const response = await answer.catch((error: unknown) => {
      if (call !== undefined) call.unreached = networkProblem(error);
      throw error;
    });
    const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
    if (call !== undefined) {
      call.retryAfter = seconds >= 0 ? seconds : undefined;
      call.unreached = null;
    }
    return response;
  };

  return {
    async run(signal, work) {
      signal.throwIfAborted();
      const deadline = AbortSignal.timeout(deadlineMs);
      const stop = AbortSignal.any([signal, deadline]);
      const call: Call = { signal: stop, retryAfter: undefined, unreached: null };
      const stopped = Promise.withResolvers<never>();
      const onStop = () => stopped.reject(stop.reason);
      stop.addEventListener("abort", onStop, { once: true });
      try {
        return await Promise.race([calls.run(call, work), stopped.promise]);
      } catch (error) {
        signal.throwIfAborted();
        throw new CallFailed(error, call, deadline.aborted);
      } finally {
        stop.removeEventListener("abort", onStop);
      }
    },
  };
}

/** The names of an error's classes: ccxt's hierarchy, without loading ccxt to compare with. */
function kindsOf(error: unknown): Set<string> {
  const kinds = new Set<string>();
  let kind: unknown = error instanceof Error ? error.constructor : null;
  while (typeof kind === "function" && kind.name !== "") {
    kinds.add(kind.name);
    kind = Object.getPrototypeOf(kind);
  }
  return kinds;
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message + (error.cause instanceof Error ? ` (${error.cause.message})` : "");
}
