import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAlive, readHolder, takeLock, waitForLock } from "./process-lock.mjs";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trading-lock-"));
  path = join(folder, "lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a lock is held once, names its holder, and is free again after release", () => {
  const first = takeLock(path, "here");
  expect(first.kind).toBe("held");
  expect(takeLock(path)).toMatchObject({ kind: "taken", by: { pid: process.pid, note: "here" } });
  if (first.kind === "held") first.release();
  expect(takeLock(path).kind).toBe("held");
});

test("a note can be changed while the lock is held", () => {
  const lock = takeLock(path);
  if (lock.kind === "held") lock.note("http://localhost:1");
  expect(readHolder(path)?.note).toBe("http://localhost:1");
  expect(takeLock(path).kind).toBe("taken");
});

test("the lock of a process that died is taken over", async () => {
  const child = spawn(process.execPath, ["--eval", ""]);
  await new Promise((done) => child.once("exit", done));
  writeFileSync(path, JSON.stringify({ pid: child.pid, startedAt: "", note: "" }));
  expect(takeLock(path).kind).toBe("held");
});

test("a number that was given to another process since does not hold a lock", () => {
  const startedAt = "another-boot:1";
  expect(isAlive({ pid: process.pid, startedAt, note: "" })).toBe(process.platform !== "linux");
});

test("a damaged lock file is taken over", () => {
  writeFileSync(path, "{");
  expect(takeLock(path).kind).toBe("held");
});

test("nothing is left beside the lock", () => {
  takeLock(path);
  takeLock(path);
  expect(readdirSync(folder)).toEqual(["lock"]);
});

test("waiting ends when the holder lets go, and is told once", async () => {
  const first = takeLock(path);
  const told: number[] = [];
  const waiting = waitForLock(path, ({ pid }) => told.push(pid));
  if (first.kind === "held") first.release();
  expect((await waiting).kind).toBe("held");
  expect(told).toEqual([process.pid]);
});

test("of many processes at once exactly one takes over a dead lock", async () => {
  writeFileSync(path, JSON.stringify({ pid: 2 ** 22 + 1, startedAt: "", note: "" }));
  const module = JSON.stringify(new URL("./process-lock.mjs", import.meta.url).href);
  const script = `const { takeLock } = await import(${module});
    process.stdout.write(takeLock(${JSON.stringify(path)}).kind); setTimeout(() => {}, 1500);`;
  const kinds = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const child = spawn(process.execPath, ["--input-type=module", "--eval", script]);
      let output = "";
      child.stdout.on("data", (text) => {
        output += text;
      });
      await new Promise((done) => child.once("close", done));
      return output;
    }),
  );
  expect(kinds.filter((kind) => kind === "held")).toHaveLength(1);
});
