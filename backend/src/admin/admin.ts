import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { AccessTokens } from "../accounts/access-token.ts";
import type { Accounts } from "../accounts/accounts.ts";
import type { Addresses } from "../accounts/addresses.ts";
import { createAuditLog } from "../accounts/audit.ts";
import type { Confirmations } from "../accounts/confirmations.ts";
import type { Passwords } from "../accounts/passwords.ts";
import type { Config } from "../config.ts";
import type { Post } from "../mail/post.ts";
import type { Sql } from "../platform/postgres.ts";
import { createLetters } from "./letters.ts";
import type { Logos } from "./logo.ts";
import { noticeRoutes } from "./notice-routes.ts";
import { createNotices } from "./notices.ts";
import { createPeople } from "./people.ts";
import { createPersonView } from "./person-view.ts";
import { adminRoutes } from "./routes.ts";
import { createSetup, type Setup } from "./setup.ts";
import type { Site } from "./site.ts";
import { createWork } from "./work.ts";

type Needs = Omit<Parameters<typeof createWork>[0], "sql"> &
  Readonly<{
    sql: Sql;
    config: Config;
    site: Site;
    logos: Logos;
    post: Post;
    tokens: AccessTokens;
    passwords: Passwords;
    addresses: Addresses;
    goOn: Accounts["goOn"];
    confirmations: Confirmations;
  }>;

/** The operator's area, which stands above the slices: it reads and changes what is theirs, and none of them knows it. */
export function createAdmin(needs: Needs): {
  routes: FastifyPluginAsyncZod;
  offerSetupLink: Setup["offerLink"];
} {
  const { frontendUrl } = needs.config;
  const notices = createNotices(needs.sql);
  const setup = createSetup({ ...needs, notices });
  const parts = {
    ...needs,
    setup,
    people: createPeople(needs),
    persons: createPersonView(needs.sql),
    notices,
    work: createWork(needs),
    letters: createLetters({ ...needs, frontendUrl }),
    audit: createAuditLog(needs.sql),
  };
  return {
    async routes(app) {
      await app.register(noticeRoutes(parts));
      await app.register(adminRoutes(parts), { prefix: "/admin" });
    },
    offerSetupLink: setup.offerLink,
  };
}
