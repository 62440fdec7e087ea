import { expect, test } from "vitest";
import { createStops } from "./stops.ts";

test("parts stop in the opposite order, each once, and a failing one keeps none running", async () => {
  const seen: string[] = [];
  const stops = createStops();
  stops.add("database", () => void seen.push("database"));
  stops.add("worker", () => {
    seen.push("worker");
    throw new Error("stuck");
  });
  stops.add("web", async () => void seen.push("web"));
  const failed: string[] = [];
  await Promise.all([stops.run((name) => failed.push(name)), stops.run(() => undefined)]);
  expect(seen).toEqual(["web", "worker", "database"]);
  expect(failed).toEqual(["worker"]);
});
