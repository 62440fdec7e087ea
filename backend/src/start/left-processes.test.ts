import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { outliveLeftProcesses, writeProcesses } from "./left-processes.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trading-left-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const sleeper = (seconds: number) => spawn("sleep", [String(seconds)], { stdio: "ignore" });
const ended = (child: ReturnType<typeof sleeper>) =>
  new Promise((done) => child.once("exit", (_code, signal) => done(signal ?? "by itself")));

test("processes that a killed start left are waited for", async () => {
  const child = sleeper(0.3);
  const how = ended(child);
  writeProcesses(folder, [child.pid ?? 0]);
  await outliveLeftProcesses(folder, 10_000);
  expect(await how).toBe("by itself");
});

test("those that do not end are killed, and others never", async () => {
  const child = sleeper(60);
  const how = ended(child);
  writeProcesses(folder, [child.pid ?? 0]);
  await outliveLeftProcesses(folder, 100);
  expect(await how).toBe("SIGKILL");
  const other = sleeper(60);
  await outliveLeftProcesses(folder, 0);
  expect(other.exitCode ?? other.signalCode).toBe(null);
  other.kill();
});
