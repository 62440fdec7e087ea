import type { PlatformEvent } from "@trading/contracts/events";
import { expect, test } from "vitest";

Object.assign(globalThis, { window: {} });
const { eventParser } = await import("./events.ts");

test("events are found however the stream is cut", () => {
  const stream =
    ': keep-alive\n\nid: 7\ndata: {"kind":"backtest","id":"a","share":0.5}\n\nevent: x\r\ndata: {"kind":"series","id":"b"}\r\n\r\n';
  for (let size = 1; size < 40; size += 1) {
    const heard: PlatformEvent[] = [];
    const take = eventParser((event) => heard.push(event));
    for (let at = 0; at < stream.length; at += size) take(stream.slice(at, at + size));
    expect(heard).toEqual([
      { kind: "backtest", id: "a", share: 0.5 },
      { kind: "series", id: "b" },
    ]);
  }
});

test("data that is not an event is passed over", () => {
  const heard: PlatformEvent[] = [];
  eventParser((event) => heard.push(event))("data: nonsense\n\ndata: {}\n\ndata: 5\n\n");
  expect(heard).toEqual([]);
});
