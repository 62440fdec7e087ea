import type { WebSocket } from "ws";
import { type Hub, type Listener, sendTo } from "./hub.ts";

const messagesPerSecond = 5;
const mostStreams = 1024;
const idForm = /^[a-zA-Z0-9_-]{0,36}$/;

export type StreamNeeds = Readonly<{
  hub: Hub;
  /** Exchange time, for the message limit. */
  now: () => number;
}>;

type Id = number | string | null;

/** Serves one connection to the streams: what the path names at once, more by SUBSCRIBE. */
export function serveStreams(
  needs: StreamNeeds,
  socket: WebSocket,
  names: readonly string[],
  isCombined: boolean,
): void {
  const { hub, now } = needs;
  const listener: Listener = {
    streams: new Set(),
    isCombined,
    send: sendTo(socket),
  };
  for (const name of names)
    if (name.includes("@") || name.startsWith("!")) hub.subscribe(listener, name);
  let second = 0;
  let messages = 0;
  const isTooFast = (): boolean => {
    const current = Math.floor(now() / 1000);
    if (current !== second) messages = 0;
    second = current;
    messages += 1;
    return messages > messagesPerSecond;
  };
  const count = (): void => {
    if (isTooFast()) socket.close(1008, "Too many requests");
  };
  socket.on("ping", count);
  socket.on("message", (data) => {
    if (isTooFast()) {
      socket.close(1008, "Too many requests");
      return;
    }
    listener.send(JSON.stringify(answer(hub, listener, String(data))));
  });
  socket.on("close", () => hub.leave(listener));
}

const complaint = (code: number, msg: string, id?: Id): unknown =>
  id === undefined ? { error: { code, msg } } : { error: { code, msg }, id };

function answer(hub: Hub, listener: Listener, text: string): unknown {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return complaint(3, "Invalid JSON: expected value at line 1 column 1");
  }
  if (typeof message !== "object" || message === null) {
    return complaint(2, "Invalid request: missing field `method` at line 1 column 2");
  }
  const { method, params, id } = message as Record<string, unknown>;
  if (!isId(id)) return complaint(2, "Invalid request: request ID must be an unsigned integer");
  if (method === undefined) {
    return complaint(
      2,
      `Invalid request: missing field \`method\` at line 1 column ${text.length}`,
      id,
    );
  }
  return obey(hub, listener, String(method), params, id);
}

const isId = (id: unknown): id is Id =>
  id === null ||
  (typeof id === "number" && Number.isInteger(id)) ||
  (typeof id === "string" && idForm.test(id));

function obey(hub: Hub, listener: Listener, method: string, params: unknown, id: Id): unknown {
  const list = Array.isArray(params) ? params : [];
  switch (method) {
    case "SUBSCRIBE":
    case "UNSUBSCRIBE": {
      if (list.some((name) => typeof name !== "string")) {
        return complaint(2, "Invalid request: invalid type: expected a string", id);
      }
      if (method === "SUBSCRIBE" && listener.streams.size + list.length > mostStreams) {
        return complaint(2, "Invalid request: too many parameters", id);
      }
      for (const name of list as string[]) {
        if (method === "SUBSCRIBE") hub.subscribe(listener, name);
        else hub.unsubscribe(listener, name);
      }
      return { result: null, id };
    }
    case "LIST_SUBSCRIPTIONS":
      return { result: [...listener.streams], id };
    case "SET_PROPERTY":
      return setProperty(listener, list, id);
    case "GET_PROPERTY":
      return list[0] === "combined"
        ? { result: listener.isCombined, id }
        : complaint(0, "Unknown property", id);
    default:
      return complaint(
        2,
        `Invalid request: unknown variant \`${method}\`, expected one of \`SUBSCRIBE\`, \`UNSUBSCRIBE\`, \`LIST_SUBSCRIPTIONS\`, \`SET_PROPERTY\`, \`GET_PROPERTY\` at line 1 column 28`,
        id,
      );
  }
}

function setProperty(listener: Listener, [name, value]: readonly unknown[], id: Id): unknown {
  if (typeof name !== "string") {
    return complaint(2, "Invalid request: property name must be a string", id);
  }
  if (name !== "combined") return complaint(0, "Unknown property", id);
  if (typeof value !== "boolean") return complaint(1, "Invalid value type: expected Boolean", id);
  listener.isCombined = value;
  return { result: null, id };
}
