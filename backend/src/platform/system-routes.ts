import type { CountryRule } from "@trading/contracts/countries";
import { health, readiness, type Site, site } from "@trading/contracts/site";
import { sql as raw } from "drizzle-orm";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Redis } from "ioredis";
import type { Config } from "../config.ts";
import { countLiveWorkers } from "./heartbeat.ts";
import { migrationState } from "./migrations.ts";
import type { Database } from "./postgres.ts";

type Needs = Readonly<{
  config: Config;
  version: string;
  database: Database;
  redis: Redis | null;
  /** Whether some series is generated rather than recorded. */
  hasSynthetic(): Promise<boolean>;
  logoVersion(): Promise<number | null>;
  countryRule(): Promise<CountryRule>;
  /** What operators set. */
  settings(): Promise<
    Readonly<{
      values: Pick<Site, "registration" | "supportAddress" | "hypotheticalNotice"> & {
        siteName: string;
      };
      isHalted: boolean;
    }>
  >;
}>;

type Check = { ok: boolean; message: string };

const mailOf = ({ mail, environment }: Config): Site["mail"] =>
  mail !== null ? "sent" : environment === "development" ? "caught" : "none";

/** /api/v1/health, ready and site: whether the platform lives, can work, and what it calls itself. */
export function systemRoutes(needs: Needs): FastifyPluginAsyncZod {
  const { config, version } = needs;
  return async (app) => {
    const healthSchema = { summary: "Whether this process lives", response: { 200: health } };
    app.get("/health", { schema: healthSchema }, async () => ({
      status: "ok" as const,
      version,
    }));

    const readySchema = {
      summary: "Whether what it needs is there",
      response: { 200: readiness, 503: readiness },
    };
    const check = remember(1_000, () => checkAll(needs));
    app.get("/ready", { schema: readySchema }, async (_request, reply) => {
      const checks = await check();
      // Pages and most of the API work without a worker: its absence is told, but does not take the site away.
      const { worker: _worker, ...needed } = checks;
      const ready = Object.values(needed).every(({ ok }) => ok);
      return reply.code(ready ? 200 : 503).send({ ready, checks });
    });

    const siteSchema = {
      summary: "What a page shows before anyone has signed in",
      response: { 200: site },
    };
    const settings = remember(1_000, needs.settings);
    const countryRule = remember(1_000, needs.countryRule);
    const logoVersion = remember(1_000, needs.logoVersion);
    const hasSyntheticData = remember(5_000, needs.hasSynthetic);
    app.get("/site", { schema: siteSchema }, async () => {
      const { values, isHalted } = await settings();
      return {
        name: values.siteName,
        version,
        environment: config.environment,
        registration: values.registration,
        asksCountry: (await countryRule()).isAsked,
        supportAddress: values.supportAddress,
        isHalted,
        hypotheticalNotice: values.hypotheticalNotice,
        logoVersion: await logoVersion(),
        mail: mailOf(config),
        hasSyntheticData: await hasSyntheticData(),
      };
    });
  };
}

async function checkAll(needs: Needs): Promise<Record<string, Check>> {
  const { db } = needs.database;
  const database = await told(async () => {
    await db.execute(raw`select 1`);
    return { ok: true, message: "answers" };
  });
  if (!database.ok) return { database, ...(await redisCheck(needs)) };
  const migrations = await told(async () => {
    const { missing } = await migrationState(db);
    return missing === 0
      ? { ok: true, message: "applied" }
      : { ok: false, message: `${missing} not applied: run \`npm run -s trading -- migrate\`` };
  });
  const worker = await told(async () => {
    const live = await countLiveWorkers(db);
    return {
      ok: live > 0,
      message: live > 0 ? `${live} alive` : "no worker has given a sign of life",
    };
  });
  return { database, migrations, worker, ...(await redisCheck(needs)) };
}

async function redisCheck({ redis }: Needs): Promise<Record<string, Check>> {
  if (redis === null) return {};
  return {
    redis: await told(async () => {
      await redis.ping();
      return { ok: true, message: "answers" };
    }),
  };
}

async function told(check: () => Promise<Check>): Promise<Check> {
  try {
    return await check();
  } catch {
    return { ok: false, message: "does not answer" };
  }
}

/** Asks at most once in `ms`, so that nobody can make us busy by asking. */
function remember<Value>(ms: number, ask: () => Promise<Value>): () => Promise<Value> {
  let until = 0;
  let answer: Promise<Value> | undefined;
  return () => {
    if (answer === undefined || Date.now() >= until) {
      until = Date.now() + ms;
      answer = ask();
      answer.catch(() => {
        answer = undefined;
      });
    }
    return answer;
  };
}
