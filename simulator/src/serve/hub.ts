import type { WebSocket } from "ws";
import type { Account } from "../core/state.ts";
import type { Faults, Occasion } from "../faults/faults.ts";

/** One connection that listens to streams. */
export type Listener = {
  readonly streams: Set<string>;
  /** Whether events come wrapped with their stream's name. */
  isCombined: boolean;
  readonly send: (text: string) => void;
};

/** One subscription to an account's events; wrap puts them into the transport's form. */
export type AccountListener = Readonly<{ account: Account; send: (event: string) => void }>;

export type EventOrder = Readonly<{ market: Readonly<{ symbol: string }>; clientId: string }>;

/** Who listens to what. An event is written once, however many listen. */
export type Hub = Readonly<{
  subscribe: (listener: Listener, stream: string) => void;
  unsubscribe: (listener: Listener, stream: string) => void;
  leave: (listener: Listener) => void;
  follow: (listener: AccountListener) => void;
  unfollow: (listener: AccountListener) => void;
  /** Called when a stream gets its first listener. */
  onOpened: (listener: (stream: string) => void) => void;
  /** Whether anybody listens to a stream. */
  isHeard: (stream: string) => boolean;
  streams: () => Iterable<string>;
  /** The payload is only made when somebody listens. */
  publish: (stream: string, payload: () => unknown) => void;
  /** An event of an order says which, for rules that mean it. */
  publishToAccount: (account: Account, event: () => unknown, order?: EventOrder) => void;
  /** Every connection that listens, for cuts and shutdown messages. */
  listeners: () => number;
}>;

const mostUnsentBytes = 16 * 1024 * 1024;

/** Sends texts to a socket; one that does not read what it asked for is cut before it fills our memory. */
export function sendTo(socket: WebSocket): (text: string) => void {
  return (text) => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > mostUnsentBytes) socket.terminate();
    else socket.send(text);
  };
}

export function createHub(faults: Faults): Hub {
  const byStream = new Map<string, Set<Listener>>();
  const byAccount = new Map<Account, Set<AccountListener>>();
  const openers: ((stream: string) => void)[] = [];
  /** Events a fault holds back until the next one of their stream passed. */
  const held = new Map<string, string>();

  const unsubscribe = (listener: Listener, stream: string): void => {
    listener.streams.delete(stream);
    const set = byStream.get(stream);
    set?.delete(listener);
    if (set?.size === 0) byStream.delete(stream);
  };

  /** The texts to send now in place of this one. */
  const disturbed = (stream: string, text: string, occasion: Occasion): string[] => {
    if (faults.list().length === 0 && held.size === 0) return [text];
    const effect = faults.onEvent({ ...occasion, stream });
    const late = held.get(stream);
    held.delete(stream);
    const rest = late === undefined ? [] : [late];
    if (effect === null) return [text, ...rest];
    if (effect.kind === "duplicate") return [text, text, ...rest];
    if (effect.kind === "reorder") held.set(stream, text);
    return rest;
  };

  const sendAll = (listeners: ReadonlySet<Listener>, stream: string, raw: string): void => {
    let wrapped: string | null = null;
    for (const listener of listeners) {
      if (listener.isCombined) {
        wrapped ??= `{"stream":${JSON.stringify(stream)},"data":${raw}}`;
        listener.send(wrapped);
      } else listener.send(raw);
    }
  };

  return {
    subscribe: (listener, stream) => {
      listener.streams.add(stream);
      const set = byStream.get(stream) ?? new Set();
      const isFirst = set.size === 0;
      set.add(listener);
      byStream.set(stream, set);
      if (isFirst) for (const opened of openers) opened(stream);
    },
    unsubscribe,
    leave: (listener) => {
      for (const stream of [...listener.streams]) unsubscribe(listener, stream);
    },
    follow: (listener) => {
      const set = byAccount.get(listener.account) ?? new Set();
      set.add(listener);
      byAccount.set(listener.account, set);
    },
    unfollow: (listener) => {
      byAccount.get(listener.account)?.delete(listener);
    },
    onOpened: (listener) => {
      openers.push(listener);
    },
    isHeard: (stream) => byStream.has(stream),
    streams: () => byStream.keys(),
    publish: (stream, payload) => {
      const listeners = byStream.get(stream);
      if (listeners === undefined) return;
      const occasion = { symbol: stream.split("@")[0]?.toUpperCase() };
      for (const text of disturbed(stream, JSON.stringify(payload()), occasion))
        sendAll(listeners, stream, text);
    },
    publishToAccount: (account, event, order) => {
      const listeners = byAccount.get(account);
      if (listeners === undefined || listeners.size === 0) return;
      const occasion =
        order === undefined ? {} : { symbol: order.market.symbol, clientIds: [order.clientId] };
      const texts = disturbed(`user:${account.id}`, JSON.stringify(event()), {
        ...occasion,
        account: account.id,
      });
      for (const text of texts) {
        for (const listener of listeners) listener.send(text);
      }
    },
    listeners: () => {
      const all = new Set<Listener>();
      for (const set of byStream.values()) for (const listener of set) all.add(listener);
      return all.size;
    },
  };
}
