import type { WebSocket } from "ws";
import { Problem } from "../api/problem.ts";
import type { Account } from "../core/state.ts";
import { sendTo } from "./hub.ts";
import type { Incoming } from "./incoming.ts";
import { type Outcome, perform } from "./perform.ts";
import { type CallNeeds, type Session, sessionOperation } from "./session.ts";

const mostMessageChars = 64 * 1024;

/** Serves one connection to the WebSocket API. */
export function serveCalls(
  needs: CallNeeds,
  socket: WebSocket,
  ip: string,
  hidesLimits: boolean,
): void {
  const session: Session = {
    connectedAt: needs.venue.core.now(),
    ip,
    key: null,
    authorizedAt: null,
    subscriptions: new Map(),
    nextSubscription: 0,
  };
  const send = sendTo(socket);
  socket.on("message", (data) => {
    const text = String(data);
    let done: ReturnType<typeof answer>;
    try {
      done = answer(needs, session, text, send, hidesLimits);
    } catch {
      // A mistake of ours costs this connection, as REST would answer 500; the exchange goes on.
      socket.terminate();
      return;
    }
    if (done instanceof Promise) {
      done.then(
        (outcome) => finish(socket, outcome),
        () => socket.terminate(),
      );
    } else finish(socket, done);
  });
  socket.on("close", () => {
    for (const { listener } of session.subscriptions.values()) needs.hub.unfollow(listener);
  });
}

/** A text to send, or the end of the connection, or silence. */
type Answer = string | "RESET" | null;

function finish(socket: WebSocket, answered: Answer): void {
  if (answered === "RESET") socket.terminate();
  else if (answered !== null && socket.readyState === socket.OPEN) socket.send(answered);
}

const fail = (id: unknown, status: number, code: number, msg: string): string =>
  JSON.stringify({ id, status, error: { code, msg } });

function answer(
  needs: CallNeeds,
  session: Session,
  text: string,
  send: (text: string) => void,
  hidesLimits: boolean,
): Answer | Promise<Answer> {
  const read = readCall(text);
  if ("problem" in read) return fail(read.id, 400, read.problem.code, read.problem.message);
  const { id, method, values } = read;
  const showsLimits = (values.get("returnRateLimits") ?? String(!hidesLimits)) === "true";
  const operation = sessionOperation(needs, session, method, send) ?? needs.operations.get(method);
  if (operation === undefined) return fail(id, 400, -1000, "Unknown method.");
  const incoming: Incoming = {
    venue: needs.venue,
    operation,
    values,
    payload: signedText(values),
    apiKey: values.get("apiKey") ?? null,
    ip: session.ip,
    session: session.key,
  };
  const write = (outcome: Outcome): Answer => toAnswer(needs, session, id, outcome, showsLimits);
  const outcome = perform(needs, incoming);
  return outcome instanceof Promise ? outcome.then(write) : write(outcome);
}

type ReadCall = Readonly<{ id: unknown; method: string; values: Map<string, string> }>;

function readCall(text: string): ReadCall | { id: unknown; problem: Problem } {
  if (text.length > mostMessageChars)
    return { id: null, problem: new Problem(-1135, "Invalid JSON Request") };
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return { id: null, problem: new Problem(-1135, "Invalid JSON Request") };
  }
  if (typeof message !== "object" || message === null || Array.isArray(message)) {
    return { id: null, problem: new Problem(-1135, "Invalid JSON Request") };
  }
  const { id = null, method, params } = message as Record<string, unknown>;
  if (typeof method !== "string") {
    return {
      id,
      problem: new Problem(
        -1102,
        "Mandatory parameter 'method' was not sent, was empty/null, or malformed.",
      ),
    };
  }
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(params ?? {})) {
    values.set(
      name,
      typeof value === "object" && value !== null ? JSON.stringify(value) : String(value),
    );
  }
  return { id, method: method.replace(/^v3\//, ""), values };
}

/** Parameters in alphabetical order, as WebSocket calls are signed. */
function signedText(values: ReadonlyMap<string, string>): string {
  return [...values.keys()]
    .filter((name) => name !== "signature")
    .sort()
    .map((name) => `${name}=${values.get(name) ?? ""}`)
    .join("&");
}

function toAnswer(
  needs: CallNeeds,
  session: Session,
  id: unknown,
  outcome: Outcome,
  showsLimits: boolean,
): Answer {
  if (outcome.kind === "reset") return "RESET";
  if (outcome.kind === "hang" || outcome.kind === "stall") return null;
  if (outcome.kind === "raw") return outcome.text;
  const limits = showsLimits
    ? { rateLimits: needs.venue.limits.callViews(session.ip, orderOwner(outcome)) }
    : {};
  if (outcome.kind === "truncated") {
    const text = JSON.stringify({ id, status: 200, result: outcome.body, ...limits });
    return text.slice(0, Math.floor(text.length / 2));
  }
  const { status, body, retryAfter } = outcome;
  if (status === 200) return JSON.stringify({ id, status, result: body, ...limits });
  const error = retryAfter === null ? body : withTimes(needs, body, retryAfter);
  return JSON.stringify({ id, status, error, ...limits });
}

/** What REST says in Retry-After, this API says in the error: both instants, in ms. */
function withTimes({ venue }: CallNeeds, body: unknown, retryAfter: number): unknown {
  const serverTime = venue.faults.clock();
  return { ...(body as object), data: { serverTime, retryAfter: serverTime + retryAfter * 1000 } };
}

const orderOwner = (outcome: Outcome): Account | null =>
  outcome.kind === "answer" ? outcome.account : null;
