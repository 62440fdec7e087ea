import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { rootDir } from "../src/config.ts";
import { variableList } from "../src/config-variables.ts";

/** What linters cannot say about this repository. */

const read = (path: string) => readFileSync(join(rootDir, path), "utf8");
const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: rootDir })
  .toString()
  .split("\n")
  .filter((path) => path !== "" && existsSync(join(rootDir, path)));
const self = "backend/test/tidy.test.ts";
const code = files.filter((path) => /\.(ts|tsx|mjs|cjs)$/.test(path) && path !== self);
const shipped = code.filter((path) => !/\.test\.tsx?$|\/test\//.test(path));

/** `path:line` of every line in which the pattern stands. */
function places(paths: readonly string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    read(path)
      .split("\n")
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  );
}

test("the engine takes no chance and reads no clock", () => {
  const engine = shipped.filter((path) => path.startsWith("engine/src/"));
  expect(engine.length).toBeGreaterThan(10);
  expect(places(engine, /Math\.random|Date\.now|new Date\(|performance\.now/)).toEqual([]);
});

test("nothing is left for later", () => {
  expect(places(code, /\b(TODO|FIXME|XXX)\b/)).toEqual([]);
});

test("no text of a user, a strategy or a market becomes markup on a page", () => {
  const pages = shipped.filter((path) => path.startsWith("frontend/"));
  expect(pages.length).toBeGreaterThan(50);
  const asMarkup =
    /dangerouslySetInnerHTML|(inner|outer)HTML|insertAdjacentHTML|document\.write|createContextualFragment/;
  expect(places(pages, asMarkup)).toEqual([]);
  // A mail is shown as it looks, in a frame that may do nothing.
  for (const path of pages) {
    const frames = places([path], /<iframe/).length;
    expect([path, places([path], /sandbox=""/).length]).toEqual([path, frames]);
  }
});

test("only what asks a fixed or configured address asks the network", () => {
  const askers = [
    ...["cli/doctor-checks.ts", "exchanges/ccxt-calls.ts", "mail/carrier.ts"],
    ...["platform/embedded-postgres.ts", "platform/jobs.ts", "platform/listener.ts"],
    ...["platform/migrations.ts", "platform/postgres.ts", "start/api-client.ts"],
    ...["start/probe-exchanges.ts", "telegram/bot-api.ts", "wiring.ts"],
  ];
  const server = shipped.filter((path) => path.startsWith("backend/src/"));
  const client =
    /(node:)?(https?|http2|tls|dgram|dns)|undici|axios|got|ws|nodemailer|ioredis|bullmq|pg/;
  const asking = [
    /\bfetch\(|\bnew (WebSocket|EventSource)\b/,
    new RegExp(`^(?!import type ).*(from |import\\()"(${client.source})["/]`),
    /^(?!import type ).*\b(connect|createConnection|Socket)\b.* from "(node:)?net"|import\("(node:)?net"/,
  ];
  const found = server.filter((path) => asking.some((one) => places([path], one).length > 0));
  expect(found).toEqual(askers.map((path) => `backend/src/${path}`));
});

test("every promise about security names a test that is there", () => {
  const [, promises = ""] = /## Promises\n+(.*?)\n## /s.exec(read("docs/security.md")) ?? [];
  const rows = promises.split("\n").filter((line) => /^\| (?!-|Promise \|)/.test(line));
  expect(rows.length).toBeGreaterThan(70);
  const { scripts } = JSON.parse(read("package.json"));
  for (const row of rows) {
    const place = row.slice(row.lastIndexOf(" | "));
    const runs = [...place.matchAll(/`npx vitest run( --\S+ \S+)* ([^`]*)`/g)];
    const paths = runs.flatMap(([, option, named = ""]) =>
      option === undefined ? named.split(" ") : [],
    );
    for (const path of paths)
      expect(
        files.some((file) => file.startsWith(path) && /\.test\.tsx?$/.test(file)),
        path,
      ).toBe(true);
    const campaigns = [...place.matchAll(/`npm run (campaign:[\w-]+)/g)].map(
      ([, name = ""]) => name,
    );
    for (const name of campaigns) expect(Object.keys(scripts)).toContain(name);
    expect(runs.length + campaigns.length, row).toBeGreaterThan(0);
  }
});

test("no check is silenced without a reason", () => {
  expect(places(code, /@ts-ignore|@ts-nocheck|biome-ignore (?!.+: .{10,})/)).toEqual([]);
});

test("frontend/js/config.js is committed with an empty address", () => {
  expect(read("frontend/js/config.js")).toMatch(/^window\.BACKEND_API_BASE_URL = "";\s*$/m);
});

test("every page loads js/config.js before anything else", () => {
  const pages = files.filter((path) => /^frontend\/([a-z]+\/)?[a-z]+\.html$/.test(path));
  expect(pages).toContain("frontend/index.html");
  for (const page of pages) {
    const [first] = [...read(page).matchAll(/<script[^>]*src="([^"]+)"/g)];
    expect(first?.[1], page).toBe(
      page === "frontend/index.html" ? "js/config.js" : "../js/config.js",
    );
  }
});

test("each migration opens with a comment that says why", () => {
  const migrations = files.filter((path) => /^backend\/migrations\/.*\.sql$/.test(path));
  expect(migrations.length).toBeGreaterThan(0);
  for (const path of migrations) expect(read(path), path).toMatch(/^-- \S/);
});

test("every variable stands in .env.example", () => {
  const example = read("backend/.env.example");
  const absent = variableList.map(([name]) => name).filter((name) => !example.includes(name));
  expect(absent).toEqual([]);
});

test("the environment is read in one place", () => {
  const readers = shipped.filter(
    (path) =>
      /^(backend|engine|contracts|strategies)\/src\//.test(path) &&
      /process\.env\b/.test(read(path)),
  );
  expect(readers).toEqual(["backend/src/config.ts"]);
});

test("files are named in kebab-case and hold one idea", () => {
  const names = code.filter(
    (path) => !/^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.(ts|tsx|mjs|cjs)$/.test(basename(path)),
  );
  expect(names).toEqual([]);
  const long = shipped.filter((path) => read(path).split("\n").length > 420);
  expect(long).toEqual([]);
});

test("links in the documentation lead to files that exist", () => {
  const broken = files
    .filter((path) => path.endsWith(".md"))
    .flatMap((path) =>
      [...read(path).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
        .map((match) => join(dirname(path), match[1] ?? ""))
        .filter((target) => !existsSync(join(rootDir, target)))
        .map((target) => `${path} → ${target}`),
    );
  expect(broken).toEqual([]);
});

/** Packages for other machines may be missing from the registry that `npm install` asked; `npm ci` then fails. */
test("package-lock.json names every optional package", () => {
  const { packages } = JSON.parse(read("package-lock.json")) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const absent = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !isFound(packages, place, name)),
  );
  expect(absent).toEqual([]);
});

function isFound(
  packages: Readonly<Record<string, unknown>>,
  place: string,
  name: string,
): boolean {
  if (packages[`${place}/node_modules/${name}`] || packages[`node_modules/${name}`]) return true;
  const above = place.lastIndexOf("/node_modules/");
  return above > 0 && isFound(packages, place.slice(0, above), name);
}

test("workspaces pin their dependencies exactly", () => {
  const loose = [
    "package.json",
    ...files.filter((path) => /^[a-z]+\/package\.json$/.test(path)),
  ].flatMap((path) => {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(read(path)) as Record<
      string,
      Record<string, string>
    >;
    return Object.entries({ ...dependencies, ...devDependencies })
      .filter(
        ([name, version]) =>
          !name.startsWith("@trading/") && !/^(npm:.+@)?\d+\.\d+\.\d+/.test(version),
      )
      .map(([name, version]) => `${path}: ${name} ${version}`);
  });
  expect(loose).toEqual([]);
});
