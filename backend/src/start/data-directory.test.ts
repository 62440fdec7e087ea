import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  chooseDataDirectory,
  openDataDirectory,
  resetDataDirectory,
  runningAddress,
} from "./data-directory.ts";
import { openSecrets } from "./secrets.ts";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trading-data-"));
  path = join(folder, "data");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("the directory is made for its owner, and says where its platform answers", () => {
  const data = openDataDirectory(path);
  expect(statSync(path).mode & 0o066).toBe(0);
  expect(data.recovered).toBe(false);
  data.announce("http://localhost:1234");
  expect(runningAddress(path)).toBe("http://localhost:1234");
  data.release();
  expect(runningAddress(path)).toBeNull();
});

test("a directory in use, and one of a newer version, are refused in one sentence", () => {
  const data = openDataDirectory(path);
  expect(() => openDataDirectory(path)).toThrow(/already runs on .*--data/);
  data.release();
  writeFileSync(join(path, "layout"), "2\n");
  expect(() => openDataDirectory(path)).toThrow(/newer version/);
  writeFileSync(join(path, "layout"), "1\n");
  openDataDirectory(path).release(); // The refused start left no lock behind.
});

test("a reset deletes what the platform kept, and nothing of anybody else's", async () => {
  const data = openDataDirectory(path);
  const before = openSecrets(path);
  mkdirSync(join(path, "cache"));
  writeFileSync(join(path, "notes.txt"), "mine");
  await resetDataDirectory(path);
  expect(existsSync(join(path, "cache"))).toBe(false);
  expect(existsSync(join(path, "notes.txt"))).toBe(true);
  expect(openSecrets(path)).not.toEqual(before);
  data.release();
});

test("secrets are made once, readable to their owner only; a damaged file is never replaced", () => {
  mkdirSync(path);
  const made = openSecrets(path);
  expect(openSecrets(path)).toEqual(made);
  expect(made.JWT_SECRET_KEY.length).toBeGreaterThanOrEqual(48);
  const file = join(path, "secrets.json");
  expect(statSync(file).mode & 0o077).toBe(0);
  for (const damaged of ["", "{}", '{"JWT_SECRET_KEY":"short","API_ENCRYPTION_KEY":"short"}']) {
    writeFileSync(file, damaged);
    expect(() => openSecrets(path)).toThrow(/is damaged/);
  }
});

test("what was asked for is used; else the data lies beside the code", () => {
  expect(chooseDataDirectory("/srv/x", folder)).toBe("/srv/x");
  expect(chooseDataDirectory(null, join(tmpdir(), "checkout"))).toBe(
    join(tmpdir(), "checkout/.data"),
  );
});
