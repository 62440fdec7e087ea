import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { createSessions } from "../src/accounts/sessions.ts";
import { newId } from "../src/platform/ids.ts";
import { bodies, confirmedOnly, open, operated } from "./support/access-tables.ts";
import { type SignedInUser, siteOfFile } from "./support/app.ts";
import { type Operation, operationsOf } from "./support/operations.ts";
import { apiTokensOf } from "./support/owned-things.ts";

/** Headers that were let in, and a body that comes when their sender may no more: every operation that changes something. */

const site = siteOfFile();
let port: number;
let somebody: SignedInUser;
let writing: Operation[];
beforeAll(async () => {
  await site.app.listen({ host: "127.0.0.1", port: 0 });
  port = (site.app.server.address() as AddressInfo).port;
  somebody = await site.signedIn();
  const { paths } = (await site.inject({ url: "/api/v1/openapi.json" })).json();
  writing = operationsOf(paths).filter(
    ({ method, name }) => method !== "GET" && !open.includes(name),
  );
});

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
const pathOf = ({ path }: Operation) =>
  `/api/v1${path
    .replace("{kind}", "terms")
    .replace("{userId}", somebody.id)
    .replaceAll(/\{\w+\}/g, newId())}`;

/** An upload of candles, up to the middle of its file. */
const form = [
  ...Object.entries({ symbol: "BTC/USDT", timeframe: "1h" }).flatMap(([field, value]) => [
    "--x",
    `Content-Disposition: form-data; name="${field}"`,
    "",
    value,
  ]),
  ...["--x", 'Content-Disposition: form-data; name="file"; filename="x.csv"', ""],
  "time,open,high,low,close,volume",
].join("\r\n");
const formEnd = "\r\n--x--\r\n";

/** Sends the headers and all but the end of the body; the end, and with it the answer, come when asked for. */
async function begin(operation: Operation, headers: object) {
  const isUpload = operation.name === "POST /imports";
  const json = JSON.stringify(bodies[operation.name] ?? {});
  const [early, late] = isUpload ? [form, formEnd] : [json.slice(0, -1), "}"];
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  // On a busy machine the headers may be looked at late, and the answer then does not wait for the body.
  socket.on("error", () => undefined);
  const ended = new Promise((done) => socket.once("close", done));
  let said = "";
  socket.setEncoding("utf8").on("data", (piece) => {
    said += piece;
  });
  const sent = {
    ...{ host: `localhost:${port}`, "sec-fetch-site": "same-origin", ...headers },
    "content-type": isUpload ? "multipart/form-data; boundary=x" : "application/json",
    ...{ "content-length": early.length + late.length, connection: "close" },
  };
  const head = Object.entries(sent).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`${operation.method} ${pathOf(operation)} HTTP/1.1\r\n${head.join("")}\r\n`);
  socket.write(early);
  return {
    /** Empty as long as the body is waited for. */
    said: () => said,
    async end() {
      socket.write(late);
      await ended;
      const [, status = "", code = ""] = /^HTTP\/1.1 (\d+).*?"code":"([\w-]+)"/s.exec(said) ?? [];
      return [operation.name, status, code] as const;
    },
  };
}

/** Everything that is stored, so that any change is seen. */
async function everything(): Promise<object> {
  const { pool } = site.database;
  const { rows: tables } = await pool.query<{ name: string }>(
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'public' order by 1",
  );
  const marks = tables.map(
    ({ name }) =>
      `select '${name}' as name, md5(string_agg(t::text, '' order by t::text)) from ${name} t`,
  );
  return (await pool.query(`${marks.join(" union all ")} order by 1`)).rows;
}

const wanting =
  (...permissions: string[]) =>
  ({ permission }: Operation) =>
    permissions.includes(permission);
const isDangerous = ({ name, path }: Operation) =>
  confirmedOnly.includes(name) || path.startsWith(operated);
const tokenOf = async (owner: SignedInUser) => {
  const wish = { name: "x", scopes: ["trade"], networks: [], days: 1 } as const;
  return (await apiTokensOf(site.database.db).make(owner, wish)).token;
};
const halt = (isHalted: boolean) =>
  site.database.db.execute(sql`insert into site_settings (version, "values", is_halted, actor_name, reason)
    select coalesce(max(version), 0) + 1, '{}', ${isHalted}, '', 'a test' from site_settings`);

type Case = Readonly<{
  asked(operation: Operation): boolean;
  end(asker: SignedInUser): Promise<unknown>;
  answer: readonly [status: string, code: string];
  /** By an API token instead of a session. */
  byToken?: true;
}>;
const cases: Readonly<Record<string, Case>> = {
  "signed out": {
    asked: () => true,
    end: ({ sessionId }) => createSessions(site.database.db).end(sessionId, "signed-out"),
    answer: ["401", "not-signed-in"],
  },
  "given a new password": {
    asked: () => true,
    end: ({ id }) => createSessions(site.database.db).endAll(id, "password-reset"),
    answer: ["401", "not-signed-in"],
  },
  suspended: {
    asked: () => true,
    end: ({ id }) =>
      site.database.db.execute(sql`update users set suspended_at = now() where id = ${id}`),
    answer: ["401", "not-signed-in"],
  },
  "an operator no more": {
    asked: wanting("operate"),
    end: ({ id }) =>
      site.database.db.execute(sql`update users set role = 'support' where id = ${id}`),
    answer: ["403", "forbidden"],
  },
  "confirmed no more": {
    asked: isDangerous,
    end: ({ sessionId }) =>
      site.database.db.execute(
        sql`update sessions set confirmed_at = now() - interval '1 hour' where id = ${sessionId}`,
      ),
    answer: ["403", "confirmation-needed"],
  },
  "a program without its token": {
    asked: wanting("write", "begin"),
    end: ({ id }) => site.database.db.execute(sql`delete from api_tokens where user_id = ${id}`),
    answer: ["401", "not-signed-in"],
    byToken: true,
  },
  "at a site that is halted": {
    asked: wanting("begin"),
    end: () => halt(true),
    answer: ["503", "site-halted"],
  },
};

test.each(Object.entries(cases))("whoever is %s by then changes nothing", async (_, one) => {
  const asker = await site.signedIn("admin");
  const { headers } = asker;
  const shown = one.byToken ? { authorization: `Bearer ${await tokenOf(asker)}` } : headers;
  const asked = writing.filter(one.asked);
  expect(asked.length).toBeGreaterThan(3);
  const requests = await Promise.all(asked.map((operation) => begin(operation, shown)));
  await pause(250);
  expect(requests.filter(({ said }) => said() !== "").map(({ said }) => said())).toEqual([]);
  await one.end(asker);
  const before = await everything();
  const answers = await Promise.all(requests.map(({ end }) => end()));
  const expected = asked.map(({ name }) => [name, ...one.answer]);
  expect(answers).toEqual(expected);
  expect(await everything()).toEqual(before);
  if (one === cases["at a site that is halted"]) await halt(false);
});

const ends = {
  demoted: [sql`role = 'support'`, "forbidden"],
  "signed out": [sql`epoch = epoch + 1`, "not-signed-in"],
} as const;

test.each(Object.entries(ends))(
  "a deed that waits for its operator, who is %s meanwhile, is not done",
  async (_, [change, code]) => {
    const operator = await site.signedIn("admin");
    const { db, waiting } = site.database;
    const deeds = writing.filter(({ path }) => path.startsWith(operated));
    expect(deeds.length).toBeGreaterThan(20);
    const before = await everything();
    for (const deed of deeds) {
      const { answer } = await db.transaction(async (transaction) => {
        await transaction.execute(sql`update users set ${change} where id = ${operator.id}`);
        const sent = site.inject({
          ...{ method: deed.method, url: pathOf(deed) },
          headers: { "sec-fetch-site": "same-origin", ...operator.headers },
          ...(bodies[deed.name] ? { payload: bodies[deed.name] } : {}),
        });
        await expect.poll(waiting, { interval: 3, message: deed.name }).toBe(1);
        return { answer: sent };
      });
      expect([deed.name, (await answer).json().code]).toEqual([deed.name, code]);
      await db.execute(sql`update users set role = 'admin', epoch = 0 where id = ${operator.id}`);
    }
    expect(await everything()).toEqual(before);
  },
);
