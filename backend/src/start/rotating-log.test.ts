import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openRotatingLog } from "./rotating-log.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trading-log-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("what was written before is kept, and the tail shows the newest lines", () => {
  const path = join(folder, "web.log");
  for (const text of ["one\ntwo\n", "three\n"]) {
    const log = openRotatingLog(path);
    log.write(text);
    log.close();
  }
  expect(openRotatingLog(path).tail(2)).toBe("two\nthree");
});

test("a log never grows beyond its limit and keeps one file before it", () => {
  const path = join(folder, "web.log");
  const log = openRotatingLog(path, 10);
  for (let line = 0; line < 20; line += 1) log.write(`line ${line}\n`);
  log.close();
  expect(readFileSync(path, "utf8").length).toBeLessThanOrEqual(20);
  expect(readFileSync(`${path}.1`, "utf8").length).toBeLessThanOrEqual(20);
});
