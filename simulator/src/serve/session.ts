import { type ApiKey, mayLogOn } from "../api/keys.ts";
import type { Operation, Venue } from "../api/operation.ts";
import { Problem } from "../api/problem.ts";
import type { Account } from "../core/state.ts";
import type { AccountListener, Hub } from "./hub.ts";
import type { PerformNeeds } from "./perform.ts";

export type CallNeeds = PerformNeeds &
  Readonly<{
    venue: Venue;
    hub: Hub;
    operations: ReadonlyMap<string, Operation>;
    /** Whether accounts' events can be subscribed to here (spot) or by listen keys (futures). */
    hasUserStream: boolean;
  }>;

/** One connection to the WebSocket API: who logged on, and whose events it hears. */
export type Session = {
  readonly connectedAt: number;
  readonly ip: string;
  key: ApiKey | null;
  authorizedAt: number | null;
  readonly subscriptions: Map<number, { listener: AccountListener; isByLogon: boolean }>;
  nextSubscription: number;
};

/** Methods that act on the session itself. */
export function sessionOperation(
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
