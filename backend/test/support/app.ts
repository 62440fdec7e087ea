import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Role } from "@trading/contracts/accounts";
import { afterAll, beforeAll } from "vitest";
import { createAccessTokens } from "../../src/accounts/access-token.ts";
import { createSessions } from "../../src/accounts/sessions.ts";
import { createAccountStore } from "../../src/accounts/store.ts";
import { type Config, type Environment, loadConfig } from "../../src/config.ts";
import type { Http } from "../../src/platform/http.ts";
import { createLog } from "../../src/platform/log.ts";
import { buildWeb } from "../../src/wiring.ts";
import { type TestDatabase, testDatabase } from "./database.ts";

export type SignedInUser = Readonly<{
  id: string;
  name: string;
  sessionId: string;
  /** In which the session was opened. */
  epoch: number;
  /** As the browser sends them: spread into `headers` of a request. */
  headers: Readonly<{ authorization: string; cookie?: string }>;
  /** The access token alone, as whoever copied it sends it. */
  bearer: Readonly<{ authorization: string }>;
  /** The refresh cookie; empty for a look, which nothing continues. */
  cookie: string;
}>;

export type TestApp = Readonly<{
  app: Http;
  inject: Http["inject"];
  config: Config;
  database: TestDatabase;
  /** What was logged, line by line. */
  logged: readonly string[];
  /** A new user with an open session. */
  signedIn(role?: Role): Promise<SignedInUser>;
  /** An operator who looks over a user's shoulder. */
  lookingAt(user: SignedInUser, operator: SignedInUser): Promise<SignedInUser>;
  close(): Promise<void>;
}>;

/** Web and worker of a test open what the other sealed. */
export const testEncryptionKey = "an-encryption-key-for-tests-0123456789";

type Settings = Readonly<{
  /** Variables besides the ones every test has. */
  env?: Environment;
  /** Use this database and leave it open on close. */
  database?: TestDatabase;
}>;

/** The web process as it really is, on a database of its own; requests go in by `inject`. Close it in `afterAll`. */
export async function testApp({ env = {}, database: given }: Settings = {}): Promise<TestApp> {
  const database = given ?? (await testDatabase());
  const dataDir = join(tmpdir(), `trading-test-data-${randomBytes(6).toString("hex")}`);
  const config = loadConfig(
    {
      DATABASE_URL: database.url,
      JWT_SECRET_KEY: "a-key-for-tests-that-nobody-else-knows-1",
      API_ENCRYPTION_KEY: testEncryptionKey,
      LOG_LEVEL: "warn",
      DATA_DIR: dataDir,
      DATABASE_POOL_MAX: "5",
      RATE_LIMIT_PER_MINUTE: "1000000",
      ...env,
    },
    "web",
  );
  const logged: string[] = [];
  const log = createLog({
    level: config.logLevel,
    process: "web",
    secrets: config.secrets,
    write: (line) => logged.push(line),
  });
  const web = await buildWeb(config, log);
  return {
    app: web.app,
    inject: web.app.inject.bind(web.app),
    config,
    database,
    logged,
    signedIn: (role = "user") => signIn(database, config, role),
    async lookingAt({ id, name }, operator) {
      const sessions = createSessions(database.db);
      const { sessionId } = await sessions.look({ id, epoch: 0 }, operator);
      const bearer = await bearerOf(config, id, sessionId);
      return { id, name, sessionId, epoch: 0, headers: bearer, bearer, cookie: "" };
    },
    async close() {
      await web.close();
      rmSync(dataDir, { recursive: true, force: true });
      if (given === undefined) await database.close();
    },
  };
}

/** One for all tests of a file that says so at its top: it is there while they run. */
export function siteOfFile(settings: Settings = {}): TestApp {
  let site: TestApp | undefined;
  beforeAll(async () => {
    site = await testApp(settings);
  });
  afterAll(() => site?.close());
  const started = (): TestApp => {
    if (site === undefined) throw new Error("the site is there in hooks and tests only");
    return site;
  };
  return new Proxy({} as TestApp, { get: (_, key) => Reflect.get(started(), key) });
}

async function signIn({ db }: TestDatabase, config: Config, role: Role): Promise<SignedInUser> {
  const name = `user-${randomBytes(5).toString("hex")}`;
  const email = `${name}@example.com`;
  const user = await createAccountStore(db).create({ name, email, passwordHash: null, role });
  const { id } = user;
  const { sessionId, refreshToken } = await createSessions(db).open(user, "link", here);
  const bearer = await bearerOf(config, id, sessionId);
  const cookie = `__Host-refresh=${refreshToken}`;
  return { id, name, sessionId, epoch: 0, headers: { ...bearer, cookie }, bearer, cookie };
}

const here = { address: "127.0.0.1", device: "test" };

async function bearerOf({ jwtSecretKey }: Config, userId: string, sessionId: string) {
  const tokens = createAccessTokens([jwtSecretKey], Date.now);
  const token = await tokens.make({ userId, sessionId, epoch: 0 });
  return { authorization: `Bearer ${token}` };
}
