import type { WebSocket } from "ws";
import { type ApiKey, mayLogOn } from "../api/keys.ts";
import type { Operation, Venue } from "../api/operation.ts";
import { Problem } from "../api/problem.ts";
import type { Account } from "../core/account.ts";
import { type AccountListener, type Hub, sendTo } from "./hub.ts";
import type { Incoming } from "./incoming.ts";
import { type Outcome, type PerformNeeds, perform } from "./perform.ts";

export type CallNeeds = PerformNeeds &
  Readonly<{
    venue: Venue;
    hub: Hub;
    operations: ReadonlyMap<string, Operation>;
    /** Whether accounts' events can be subscribed to here (spot) or by listen keys (futures). */
    hasUserStream: boolean;
  }>;

type Session = {
  readonly connectedAt: number;
  readonly ip: string;
  key: ApiKey | null;
  authorizedAt: number | null;
  readonly subscriptions: Map<number, { listener: AccountListener; isByLogon: boolean }>;
  nextSubscription: number;
};

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
  const { status, body } = outcome;
  return JSON.stringify(
    status === 200
      ? { id, status, result: body, ...limits }
      : { id, status, error: body, ...limits },
  );
}

const orderOwner = (outcome: Outcome): Account | null =>
  outcome.kind === "answer" ? outcome.account : null;

/** Methods that act on the session itself. */
function sessionOperation(
  needs: CallNeeds,
  session: Session,
  method: string,
  send: (text: string) => void,
): Operation | null {
  const make = (
    security: Operation["security"],
    run: Operation["run"],
    parameters: string[] = [],
  ): Operation => ({
    rest: null,
    socket: method,
    security,
    weight: 2,
    parameters,
    run,
  });
  switch (method) {
    case "session.logon":
      return make("USER_STREAM", ({ parameters }) =>
        logOn(needs, session, parameters.text("apiKey")),
      );
    case "session.status":
      return make("NONE", () => statusView(needs, session));
    case "session.logout":
      return make("NONE", () => logOut(needs, session));
    default:
      return needs.hasUserStream ? streamOperation(needs, session, method, send, make) : null;
  }
}

type Make = (
  security: Operation["security"],
  run: Operation["run"],
  parameters?: string[],
) => Operation;

function streamOperation(
  needs: CallNeeds,
  session: Session,
  method: string,
  send: (text: string) => void,
  make: Make,
): Operation | null {
  switch (method) {
    case "userDataStream.subscribe":
      return make("NONE", () => {
        if (session.key === null) {
          throw new Problem(-1002, "You are not authorized to execute this request.", 401);
        }
        return subscribe(needs, session, session.key.account, true, send);
      });
    case "userDataStream.subscribe.signature":
      return make("USER_STREAM", ({ account }) => {
        if (account === null) throw new Error("a signed call without an account");
        return subscribe(needs, session, account, false, send);
      });
    case "userDataStream.unsubscribe":
      return make(
        "NONE",
        ({ parameters }) => unsubscribe(needs, session, parameters.integer("subscriptionId")),
        ["subscriptionId"],
      );
    case "session.subscriptions":
      return make("NONE", () =>
        [...session.subscriptions.keys()].map((subscriptionId) => ({ subscriptionId })),
      );
    default:
      return null;
  }
}

function logOn(needs: CallNeeds, session: Session, apiKey: string | null): unknown {
  const key = apiKey === null ? null : needs.keys.find(apiKey);
  if (key === null || !mayLogOn(key)) {
    throw new Problem(-4056, "HMAC_SHA256 API key is not supported.", 400);
  }
  session.key = key;
  session.authorizedAt = needs.venue.core.now();
  return statusView(needs, session);
}

function logOut(needs: CallNeeds, session: Session): unknown {
  session.key = null;
  session.authorizedAt = null;
  for (const [id, { isByLogon }] of session.subscriptions) if (isByLogon) drop(needs, session, id);
  return statusView(needs, session);
}

function statusView(needs: CallNeeds, session: Session): unknown {
  return {
    apiKey: session.key?.apiKey ?? null,
    authorizedSince: session.authorizedAt,
    connectedSince: session.connectedAt,
    returnRateLimits: false,
    serverTime: needs.venue.faults.clock(),
    userDataStream: session.subscriptions.size > 0,
  };
}

function subscribe(
  needs: CallNeeds,
  session: Session,
  account: Account,
  isByLogon: boolean,
  send: (text: string) => void,
): unknown {
  for (const { listener } of session.subscriptions.values()) {
    if (listener.account === account) {
      throw new Problem(-2035, "User Data Stream subscription already active.");
    }
  }
  const id = session.nextSubscription;
  session.nextSubscription += 1;
  const listener: AccountListener = {
    account,
    send: (event) => send(`{"subscriptionId":${id},"event":${event}}`),
  };
  session.subscriptions.set(id, { listener, isByLogon });
  needs.hub.follow(listener);
  return { subscriptionId: id };
}

function unsubscribe(needs: CallNeeds, session: Session, id: number | null): unknown {
  if (session.subscriptions.size === 0 || (id !== null && !session.subscriptions.has(id))) {
    throw new Problem(-2036, "User Data Stream subscription not active.");
  }
  for (const one of id === null ? [...session.subscriptions.keys()] : [id])
    drop(needs, session, one);
  return {};
}

function drop(needs: CallNeeds, session: Session, id: number): void {
  const found = session.subscriptions.get(id);
  if (found === undefined) return;
  session.subscriptions.delete(id);
  needs.hub.unfollow(found.listener);
  found.listener.send(JSON.stringify({ e: "eventStreamTerminated", E: needs.venue.core.now() }));
}
