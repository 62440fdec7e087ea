import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleStrategy } from "./bundle.ts";

let dir = "";
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "bundle-"));
});
afterAll(() => rm(dir, { recursive: true }));

async function bundle(source: string | Buffer, name = "tried.ts") {
  await writeFile(join(dir, name), source);
  return bundleStrategy(join(dir, name));
}

const refusals: [what: string, source: string | Buffer, line: number | null, message: RegExp][] = [
  ["a syntax error", "export default {\n  a: (\n};", 3, /Unexpected/],
  ["an import of fs", 'import fs from "fs";\nexport default fs;', 1, /"fs" cannot be imported/],
  ["an import of node:fs", '\nimport "node:fs";', 2, /"node:fs" cannot be imported/],
  [
    "an import of node:fs that is never used",
    '\n\nimport * as fs from "node:fs";\nexport default 3;',
    3,
    /"node:fs" cannot be imported/,
  ],
  [
    "an unused import by name",
    'import { readFileSync } from "node:fs";\nexport default 3;',
    1,
    /"node:fs" cannot be imported/,
  ],
  ["a package", 'import "lodash";', 1, /may import "@trading\/engine" and files beside it/],
  ["a file outside", 'import "../outside.ts";', 1, /(outside|does not exist)/],
  ["an absolute path", 'import "/etc/passwd";', 1, /cannot be imported/],
  ["a missing file", 'import "./nowhere.ts";', 1, /does not exist/],
  ["a dynamic import", 'export default () => import("fs");', 1, /Write imports/],
  ["a computed import", "export default (x: string) => import(x);", 1, /Write imports/],
  ["require", 'export default require("fs");', 1, /Write imports/],
  [
    "a computed require",
    "export default (x: string) => require(x);",
    1,
    /`require` cannot be used/,
  ],
  [
    "the environment",
    "\n\nexport default { a: process.env.HOME };",
    3,
    /`process`.*use parameters/,
  ],
  ["the clock", "export default { a: () => Date.now() };", 1, /`Date`.*context.time/],
  ["the other clock", "export default performance.now();", 1, /`performance`/],
  ["chance", "export default { a: Math.random() };", 1, /same result every time/],
  ["Math.exp", "\nexport default Math.exp(1);", 2, /use exp from "@trading\/engine"/],
  ["Math.pow", "export default Math.pow(2, 3);", 1, /use pow from "@trading\/engine"/],
  ["Math.sin", "export default Math.sin(1);", 1, /differs between machines/],
  ["Math under another name", "const M = Math;\nexport default M.random();", 1, /Math.max/],
  ["a computed member of Math", 'export default Math["random"]();', 1, /Math.max/],
  ["the power operator", "const x = 3;\nexport default x ** 0.5;", 2, /use pow/],
  ["the network", 'export default fetch("http://x");', 1, /`fetch`.*no network/],
  ["timers", "setTimeout(() => {}, 1);", 1, /`setTimeout`.*onCandle/],
  ["promises", "export default Promise.resolve();", 1, /cannot wait/],
  ["the console", 'console.log("x");', 1, /`console`.*context.plot/],
  ["the global object", "export default globalThis;", 1, /`globalThis`/],
  ["eval", 'eval("1");', 1, /Code cannot be made/],
  ["Function", 'export default new Function("return 1");', 1, /Code cannot be made/],
  ["a constructor's constructor", "export default [].constructor;", 1, /`constructor`/],
  [
    "a destructured constructor",
    "export const { constructor: C } = [];\nexport default C;",
    1,
    /`constructor`/,
  ],
  ["__proto__", "const a: any = {};\na.__proto__.x = 1;\nexport default a;", 2, /`__proto__`/],
  ["an unknown name", "export default wibble;", 1, /`wibble`/],
  ["the locale", "export default (1).toLocaleString();", 1, /toFixed/],
  ["a file of bytes", Buffer.from([0, 1, 2, 255, 254]), 1, /./],
  ["a file of 2 MB", Buffer.alloc(2_000_000, "a"), null, /larger than 1 MB/],
];

describe("refused with line and reason", () => {
  test.each(refusals)("%s", async (_what, source, line, message) => {
    const result = await bundle(source);
    expect(result).toMatchObject({ kind: "refused", file: "tried.ts", line });
    expect(result).toHaveProperty("message", expect.stringMatching(message));
  });
});

test("a missing file and a folder are refused", async () => {
  expect(await bundleStrategy(join(dir, "absent.ts"))).toMatchObject({
    kind: "refused",
    line: null,
  });
  expect(await bundleStrategy(dir, dir)).toMatchObject({ kind: "refused", line: null });
});

test("a symbolic link does not lead out of the directory", async () => {
  await symlink("/etc/hostname", join(dir, "linked.ts"));
  expect(await bundle('import "./linked.ts";')).toMatchObject({
    kind: "refused",
    message: expect.stringMatching(/outside/),
  });
});

test("a fault in an imported file is told with that file's name and line", async () => {
  await writeFile(join(dir, "helper.ts"), "export const a = 1;\nexport const b = Date.now();\n");
  expect(await bundle('import { b } from "./helper.ts";\nexport default b;')).toMatchObject({
    kind: "refused",
    file: "helper.ts",
    line: 2,
  });
});

test("types may be imported without saying so, from the engine and from files beside it", async () => {
  await writeFile(join(dir, "shapes.ts"), "export type Shape = 1;\nexport const size = 2;\n");
  const source = `import { sma, Strategy } from "@trading/engine";
import { Shape, size } from "./shapes.ts";
export default sma(size as Shape) as Strategy;
`;
  expect(await bundle(source)).toMatchObject({ kind: "bundled" });
});

test("types vanish, the engine stays outside, and the version is the code's hash", async () => {
  const source = 'import { sma } from "@trading/engine";\nexport default sma(3 as number);\n';
  const one = await bundle(source);
  const again = await bundle(source);
  expect(one).toMatchObject({ kind: "bundled", file: "tried.ts", source });
  expect(again).toEqual(one);
  expect(one).toHaveProperty("version", expect.stringMatching(/^[0-9a-f]{64}$/));
  expect(one).toHaveProperty("code", expect.stringContaining('require("@trading/engine")'));
  expect(await bundle(source.replace("3", "4"))).not.toHaveProperty(
    "version",
    (one as { version: string }).version,
  );
});
