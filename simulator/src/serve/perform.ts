import type { Keys } from "../api/keys.ts";
import { Parameters } from "../api/parameters.ts";
import { Problem } from "../api/problem.ts";
import type { Account } from "../core/state.ts";
import type { Occasion } from "../faults/faults.ts";
import type { RequestEffect } from "../faults/rule.ts";
import type { Ledger } from "../oracle/ledger.ts";
import { authenticate, type Checked, checkTime, type Incoming, weightOf } from "./incoming.ts";

/** How a request ends, for either transport to put into its own words. */
export type Outcome =
  | Readonly<{
      kind: "answer";
      status: number;
      body: unknown;
      retryAfter: number | null;
      account: Account | null;
    }>
  | Readonly<{ kind: "raw"; status: number; contentType: string; text: string }>
  | Readonly<{ kind: "truncated"; body: unknown }>
  | Readonly<{ kind: "reset" }>
  | Readonly<{ kind: "hang" }>
  | Readonly<{ kind: "stall" }>;

export type PerformNeeds = Readonly<{
  keys: Keys;
  ledger: Ledger;
  /** Waits so many ms of exchange time. */
  wait: (ms: number) => Promise<void>;
}>;

/** Answers one request: receipt, checks, faults, engine, answer. */
export function perform(needs: PerformNeeds, incoming: Incoming): Outcome | Promise<Outcome> {
  const { faults } = incoming.venue;
  if (!faults.disturbsRequests()) return performNow(needs, incoming, null);
  return performWithFaults(needs, incoming);
}

/** The undisturbed way. A checked request was received before; only its time is checked again. */
function performNow(needs: PerformNeeds, incoming: Incoming, checked: Checked | null): Outcome {
  let account: Account | null = null;
  try {
    const ready = checked ?? receive(needs, incoming);
    account = ready.account;
    if (ready.key !== null && incoming.operation.security !== "KEY") {
      checkTime(incoming.venue, ready.parameters);
    }
    const body = incoming.operation.run({ venue: incoming.venue, ...ready });
    record(needs, incoming, account, 200, null);
    return { kind: "answer", status: 200, body, retryAfter: null, account };
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    record(needs, incoming, account, problem.status, problem.code);
    return answerOf(problem, account);
  }
}

function answerOf(problem: Problem, account: Account | null): Outcome {
  const { status, retryAfter } = problem;
  return { kind: "answer", status, body: problem.body(), retryAfter, account };
}

/** Charges the sender's address, then finds out who sends. */
function receive(needs: PerformNeeds, incoming: Incoming): Checked {
  const { venue, operation } = incoming;
  if (venue.faults.isInMaintenance()) {
    throw new Problem(-1016, "This service is no longer available.", 503);
  }
  venue.limits.charge(incoming.ip, weightOf(operation, new Parameters(incoming.values)));
  return authenticate(needs.keys, incoming);
}

async function performWithFaults(needs: PerformNeeds, incoming: Incoming): Promise<Outcome> {
  const { faults } = incoming.venue;
  const occasion = occasionOf(needs, incoming);
  const conditions = faults.conditionsOf(occasion);
  const under = <T>(act: () => T): T => faults.under(conditions, act);
  let checked: Checked;
  try {
    checked = under(() => receive(needs, incoming));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    record(needs, incoming, null, problem.status, problem.code);
    return answerOf(problem, null);
  }
  const actNow = (): Outcome => under(() => performNow(needs, incoming, checked));
  const effects = faults.onRequest(occasion);
  const early = await strikeBefore(needs, effects);
  if (early !== null) {
    needs.ledger.request({
      ...factsOf(incoming, checked.account),
      fault: early.kind,
      reached: false,
    });
    return early;
  }
  const late = effects.find((effect) => effect.kind === "late");
  if (late?.isCut === true) {
    void needs.wait(late.ms).then(actNow);
    return { kind: "reset" };
  }
  const timeoutMs = under(() => faults.engineTimeoutMs());
  if (late !== undefined && late.ms >= timeoutMs) {
    await needs.wait(timeoutMs);
    void needs.wait(late.ms - timeoutMs).then(actNow);
    return answerOf(timedOut(), checked.account);
  }
  if (late !== undefined) await needs.wait(late.ms);
  return strikeAfter(needs, effects, actNow());
}

/** The engine took too long: the client hears "unknown", the request is still acted on later. */
const timedOut = (): Problem =>
  new Problem(
    -1007,
    "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
    408,
  );

async function strikeBefore(
  needs: PerformNeeds,
  effects: readonly RequestEffect[],
): Promise<Outcome | null> {
  for (const effect of effects) {
    if (!("moment" in effect) || effect.moment !== "before") continue;
    if (effect.kind === "delay") await needs.wait(effect.ms);
    else return endOf(effect);
  }
  return null;
}

async function strikeAfter(
  needs: PerformNeeds,
  effects: readonly RequestEffect[],
  outcome: Outcome,
): Promise<Outcome> {
  let result = outcome;
  for (const effect of effects) {
    if (effect.kind === "stall") result = { kind: "stall" };
    else if (effect.kind === "body") result = spoiled(effect, outcome);
    else if ("moment" in effect && effect.moment === "after") {
      if (effect.kind === "delay") await needs.wait(effect.ms);
      else result = endOf(effect);
    }
  }
  return result;
}

type Ending = Extract<RequestEffect, { kind: "reset" | "hang" | "error" }>;

function endOf(effect: Ending): Outcome {
  if (effect.kind !== "error") return { kind: effect.kind };
  const { status, code, message, isHtml, retryAfter } = effect;
  if (isHtml) return html(status);
  return { kind: "answer", status, body: { code, msg: message }, retryAfter, account: null };
}

const html = (status: number): Outcome => ({
  kind: "raw",
  status,
  contentType: "text/html",
  text: `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`,
});

function spoiled(effect: Extract<RequestEffect, { kind: "body" }>, outcome: Outcome): Outcome {
  const { body, status } = effect;
  if (body === "html") return html(status);
  if (body === "truncated")
    return { kind: "truncated", body: outcome.kind === "answer" ? outcome.body : {} };
  return {
    kind: "raw",
    status,
    contentType: "application/json",
    text: body === "empty" ? "" : "{}",
  };
}

const clientIdNames = [
  "newClientOrderId",
  "origClientOrderId",
  "cancelOrigClientOrderId",
  "listClientOrderId",
  "clientAlgoId",
];

/** What rules are matched against; who claims to send is enough for that. */
function occasionOf({ keys }: PerformNeeds, incoming: Incoming): Occasion {
  const { venue, operation, values, apiKey, session } = incoming;
  const key = apiKey === null ? session : keys.find(apiKey);
  return {
    operation: `${operation.rest ?? ""} ${operation.socket ?? ""}`,
    symbol: values.get("symbol"),
    account: key === null ? undefined : venue.accountOf(key.account).id,
    clientIds: clientIdNames.flatMap((name) => values.get(name) ?? []),
  };
}

const secrets = new Set(["signature", "apiKey", "timestamp", "recvWindow"]);

function factsOf(incoming: Incoming, account: Account | null): Record<string, unknown> {
  const sent: Record<string, string> = {};
  for (const [name, value] of incoming.values) if (!secrets.has(name)) sent[name] = value;
  return {
    operation: incoming.operation.rest ?? incoming.operation.socket,
    ...(account === null ? {} : { account: account.id }),
    sent,
  };
}

/** Reads of public data are not worth a line: they change nothing and name nobody. */
function record(
  needs: PerformNeeds,
  incoming: Incoming,
  account: Account | null,
  status: number,
  code: number | null,
): void {
  if (incoming.operation.security === "NONE") return;
  needs.ledger.request({
    ...factsOf(incoming, account),
    status,
    ...(code === null ? {} : { code }),
  });
}
