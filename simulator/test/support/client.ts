import { createHmac, type KeyObject, sign } from "node:crypto";
import { WebSocket } from "ws";
import type { Simulator } from "../../src/simulator.ts";

export type Answer = Readonly<{ status: number; body: unknown; headers: Headers; text: string }>;
export type Fields = Readonly<Record<string, string | number | boolean>>;

/** A bare client of the API, for tests of what real clients hide. */
export type Client = Readonly<{
  call: (method: string, path: string, fields?: Fields) => Promise<Answer>;
  signed: (method: string, path: string, fields?: Fields) => Promise<Answer>;
  /** Sends a request exactly as it is written. */
  raw: (method: string, path: string, init?: RequestInit) => Promise<Answer>;
}>;

type Secret = string | KeyObject;

export function createClient(simulator: Simulator, apiKey = "", secret: Secret = ""): Client {
  const raw: Client["raw"] = async (method, path, init = {}) => {
    const response = await fetch(`${simulator.url}${path}`, { method, ...init });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parse(text) };
  };
  return {
    raw,
    call: (method, path, fields = {}) => raw(method, `${path}?${encode(fields)}`),
    signed: (method, path, fields = {}) => {
      const query = encode({ timestamp: simulator.faults.clock(), ...fields });
      const signature = encodeURIComponent(signText(query, secret));
      const headers = { "x-mbx-apikey": apiKey };
      return raw(method, `${path}?${query}&signature=${signature}`, { headers });
    },
  };
}

const encode = (fields: Fields): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join("&");

export function signText(text: string, secret: Secret): string {
  return typeof secret === "string"
    ? createHmac("sha256", secret).update(text).digest("hex")
    : sign(null, Buffer.from(text), secret).toString("base64");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A WebSocket that keeps what it hears until somebody asks. */
export type Ear = Readonly<{
  socket: WebSocket;
  send: (message: unknown) => void;
  /** The first message heard so far, or from now on, that passes. */
  hear: (passes: (message: Heard) => boolean) => Promise<Heard>;
  heard: readonly Heard[];
  closed: Promise<number>;
}>;

// biome-ignore lint/suspicious/noExplicitAny: messages of an API under test have any shape.
export type Heard = Record<string, any>;

export async function openEar(url: string): Promise<Ear> {
  const socket = new WebSocket(url);
  const heard: Heard[] = [];
  let waiting: (() => void)[] = [];
  socket.on("message", (data) => {
    heard.push(JSON.parse(String(data)));
    for (const wake of waiting.splice(0)) wake();
  });
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  await new Promise<void>((resolve, reject) => {
    socket.once("open", () => resolve());
    socket.once("error", reject);
  });
  return {
    socket,
    heard,
    closed,
    send: (message) => socket.send(typeof message === "string" ? message : JSON.stringify(message)),
    hear: async (passes) => {
      for (;;) {
        const found = heard.find(passes);
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => {
          waiting = [...waiting, resolve];
        });
      }
    },
  };
}
