import type { PlatformEvent } from "@trading/contracts/events";
import { send, serverAnswered } from "./client.ts";

export type Connection = "connecting" | "open" | "lost";
type Message =
  | { kind: "event"; event: PlatformEvent }
  | { kind: "state"; state: Connection }
  | { kind: "who" };

/**
 * The stream of events, one for all tabs: the tab that holds the lock reads it and passes on what it hears. When it
 * closes, the lock falls to another. Without locks (plain HTTP) each tab reads its own.
 */
export function listenToEvents(
  onEvent: (event: PlatformEvent) => void,
  onState: (state: Connection) => void,
): () => void {
  const stop = new AbortController();
  const channel = new BroadcastChannel("trading-events");
  let state: Connection = "connecting";
  let leads = false;
  const tell = (next: Connection) => {
    state = next;
    onState(next);
    channel.postMessage({ kind: "state", state: next } satisfies Message);
  };
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === "event") onEvent(data.event);
    else if (data.kind === "state") onState(data.state);
    else if (leads) channel.postMessage({ kind: "state", state } satisfies Message);
  };
  const lead = () => {
    leads = true;
    return readForEver(stop.signal, tell, (event) => {
      onEvent(event);
      channel.postMessage({ kind: "event", event } satisfies Message);
    });
  };
  const leading =
    navigator.locks === undefined
      ? lead()
      : navigator.locks.request("trading-events", { signal: stop.signal }, lead);
  leading.catch(() => undefined);
  channel.postMessage({ kind: "who" } satisfies Message);
  return () => {
    stop.abort();
    channel.close();
  };
}

async function readForEver(
  signal: AbortSignal,
  tell: (state: Connection) => void,
  onEvent: (event: PlatformEvent) => void,
): Promise<void> {
  let pauseMs = 500;
  while (!signal.aborted) {
    try {
      const response = await send("/events", { signal });
      tell("open");
      pauseMs = 500;
      await read(response, onEvent);
    } catch {
      // Whatever ended the stream, the answer is the same: say so and come back.
    }
    if (signal.aborted) return;
    tell("lost");
    await pause(pauseMs);
    pauseMs = Math.min(5_000, pauseMs * 2);
  }
}

/** Waits so long, or until another request was answered. */
const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener(serverAnswered, end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    addEventListener(serverAnswered, end);
  });

async function read(response: Response, onEvent: (event: PlatformEvent) => void): Promise<void> {
  if (response.body === null) return;
  const take = eventParser(onEvent);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) take(chunk.value);
}

/** Cuts a stream of server-sent events into events; a chunk may end anywhere. */
export function eventParser(onEvent: (event: PlatformEvent) => void): (chunk: string) => void {
  let rest = "";
  return (chunk) => {
    const blocks = (rest + chunk).replaceAll("\r\n", "\n").split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const lines = block.split("\n").filter((line) => line.startsWith("data:"));
      const event = parsed(lines.map((line) => line.slice(5).trimStart()).join("\n"));
      if (event !== null) onEvent(event);
    }
  };
}

function parsed(data: string): PlatformEvent | null {
  if (data === "") return null;
  try {
    const value = JSON.parse(data) as PlatformEvent;
    return typeof value.kind === "string" && typeof value.id === "string" ? value : null;
  } catch {
    return null;
  }
}
