import { spawn } from "node:child_process";
import {
  chmodSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { newToken, tokenHash } from "../backend/src/accounts/one-time-token.ts";
import { freePort } from "../backend/src/platform/embedded-postgres.ts";
import { openDatabase } from "../backend/src/platform/postgres.ts";
import { readRunning } from "../backend/src/start/running.ts";
import { startPlatform } from "../backend/test/support/started-platform.ts";
import { campaignStops } from "./support/stops.ts";

/**
 * `npm run campaign:schemathesis -- --cases 1000 --parts 20 --record <folder>`: Schemathesis asks every operation of our
 * OpenAPI document everything it can think of, valid and not, alone and in sequences, as an operator: no 5xx, and every
 * answer as documented. Each part is a stretch of the paths on a platform of its own; what a folder has recorded is not
 * run again, so a long campaign may be stopped and gone on with.
 */
const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    /** Made by `python3 -m venv <dir> && <dir>/bin/pip install schemathesis==4.32.5`, with Python 3.12 or newer. */
    program: { type: "string", default: "schemathesis" },
    /** Of the operations, those whose path begins with this. */
    only: { type: "string", default: "/" },
    phases: { type: "string", default: "examples,coverage,fuzzing,stateful" },
    parts: { type: "string", default: "1" },
    /** Where the output of finished parts is kept. */
    record: { type: "string", default: "" },
  },
});

/** The stream of events never ends, and a site that is halted, or whose keys have leaked, begins nothing. */
const leftOut = ["events", "admin/halt", "admin/key-leak"].map((path) => `/api/v1/${path}`);

/** As the exit code of whatever did not come to its end. */
const endedBySignal = 2;

/** How the tokens of the operator's one-time links begin; a number follows. One is used a minute, or when a session ends. */
const links = newToken();
const linksMade = 20_000;

// One machine asks more in a minute than a network may.
process.env.RATE_LIMIT_PER_MINUTE = "1000000";
const parts = Number(values.parts);
const record = values.record === "" ? null : resolve(values.record);
if (record !== null) mkdirSync(record, { recursive: true });

const stops = campaignStops();
let endPart = async (): Promise<void> => undefined;
let isEnded = false;
stops.add("platform", () => {
  isEnded = true;
  return endPart();
});

let failed = 0;
for (let part = 0; part < parts && !isEnded; part++) {
  const name = `cases-${values.cases}-seed-${values.seed}-part-${part + 1}-of-${parts}`;
  const output = record === null ? null : join(record, `${name}.txt`);
  if (output !== null && existsSync(output)) continue;
  const code = await runPart(part, output);
  if (parts > 1) process.stdout.write(`${name}: ${code === 0 ? "kept" : "broken"}\n`);
  if (code !== 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;

async function runPart(part: number, output: string | null): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "trading-schemathesis-"));
  chmodSync(folder, 0o711); // As root, PostgreSQL's user must pass through.
  const dataDir = join(folder, "data");
  const port = await freePort();
  const platform = startPlatform("--offline", "--port", String(port), "--data", dataDir);
  const asker = new AbortController();
  endPart = async () => {
    asker.abort();
    platform.process.kill("SIGINT");
    await platform.ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await platform.said("Ctrl-C stops everything.");
    const stopFurnishing = await furnish(dataDir);
    const origin = `http://localhost:${port}`;
    const code = await ask({ folder, origin, part, output, signal: asker.signal });
    await stopFurnishing();
    return code;
  } finally {
    await endPart();
  }
}

type Run = Readonly<{
  folder: string;
  origin: string;
  part: number;
  output: string | null;
  signal: AbortSignal;
}>;

async function ask({ folder, origin, part, output, signal }: Run): Promise<number> {
  const own = join(import.meta.dirname, "schemathesis");
  const included = (await pathsOf(origin, part)).flatMap((path) => ["--include-path", path]);
  const child = spawn(
    values.program,
    [
      ...["--config-file", join(own, "schemathesis.toml"), "run"],
      `${origin}/api/v1/openapi.json`,
      ...["--seed", values.seed, "--max-examples", values.cases, "--workers", "2"],
      // How fast requests are thought of says something of the machine, nothing of the API.
      ...["--phases", values.phases, "--suppress-health-check", "too_slow"],
      ...["--continue-on-failure", "--generation-allow-x00", "false", "--no-color"],
      ...included,
    ],
    {
      stdio: ["ignore", output === null ? "inherit" : "pipe", "inherit"],
      cwd: folder,
      signal,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        SCHEMATHESIS_HOOKS: join(own, "asker.py"),
        CAMPAIGN_ORIGIN: origin,
        CAMPAIGN_LINKS: links,
      },
    },
  );
  const unfinished = `${output}.unfinished`;
  if (output !== null) child.stdout?.pipe(createWriteStream(unfinished));
  const code = await new Promise<number>((done, fail) => {
    child.once("error", (error) => (signal.aborted ? done(endedBySignal) : fail(error)));
    child.once("close", (ended) => done(ended ?? endedBySignal));
  });
  // 1: promises were broken. Anything else did not come to its end, and is run again.
  if (output !== null && code <= 1) renameSync(unfinished, output);
  return code;
}

/** Neighbours stay together, so that sequences of requests do. */
async function pathsOf(origin: string, part: number): Promise<string[]> {
  const answer = await fetch(`${origin}/api/v1/openapi.json`);
  const document = (await answer.json()) as { paths: Record<string, unknown> };
  const paths = Object.keys(document.paths)
    .filter((path) => path.startsWith(`/api/v1${values.only}`))
    .filter((path) => !leftOut.includes(path))
    .sort();
  // Without a path to include, every operation would be asked.
  if (paths.length < parts)
    throw new RangeError(`--only ${values.only} names ${paths.length} paths, for ${parts} parts.`);
  const begin = (share: number) => Math.round((paths.length * share) / parts);
  return paths.slice(begin(part), begin(part + 1));
}

/** What no request can make: a chat that is linked, a passkey, a dead job. Put back again and again, since some requests take it away. */
async function furnish(dataDir: string): Promise<() => Promise<void>> {
  const url = readRunning(dataDir)?.DATABASE_URL;
  if (url === undefined) throw new Error("the platform does not say where its database is");
  const { pool, close } = openDatabase(url, { max: 1 });
  const hashes = Array.from({ length: linksMade }, (_, number) => tokenHash(`${links}${number}`));
  await pool.query(
    `insert into sign_in_links (hash, user_id, expires_at)
      select unnest($1::text[]), id, now() + interval '7 days' from users where name_key = 'operator'`,
    [hashes],
  );
  const put = () =>
    pool.query(`
      insert into telegram_links (user_id, chat_id, chat_name)
        select id, id::text, 'campaign' from users where name_key = 'operator' on conflict do nothing;
      insert into passkeys (id, user_id, name, credential_id, public_key, counter, is_synced)
        select gen_random_uuid(), id, 'campaign', gen_random_uuid()::text, 'none', 0, false from users
        where name_key = 'operator' and not exists (select 1 from passkeys);
      insert into queue_reports (queue, waiting, active, delayed, dead, dead_jobs) values ('campaign', 0, 0, 0, 1,
        '[{"id": "1", "name": "campaign", "reason": "none", "attempts": 3, "at": "2026-01-01T00:00:00.000Z"}]')
        on conflict do nothing`);
  let last: Promise<unknown> = put();
  const timer = setInterval(() => {
    last = last.then(put);
  }, 1_000);
  return async () => {
    clearInterval(timer);
    await last;
    await close();
  };
}
