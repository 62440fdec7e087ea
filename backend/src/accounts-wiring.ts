import type { CountryRule } from "@trading/contracts/countries";
import type { FastifyPluginAsync } from "fastify";
import { createAccessTokens } from "./accounts/access-token.ts";
import { type Agreements, createAccounts } from "./accounts/accounts.ts";
import { createAddresses } from "./accounts/addresses.ts";
import { apiTokenRoutes } from "./accounts/api-token-routes.ts";
import { createApiTokens, createLiveTokens } from "./accounts/api-tokens.ts";
import { createAuthentication } from "./accounts/authenticate.ts";
import { createClosing } from "./accounts/closing.ts";
import { createCodeCheck } from "./accounts/code-check.ts";
import { createConfirmations } from "./accounts/confirmations.ts";
import { dataRoutes } from "./accounts/data-routes.ts";
import { invitationRoutes } from "./accounts/invitation-routes.ts";
import { createInvitations } from "./accounts/invitations.ts";
import { passkeyRoutes } from "./accounts/passkey-routes.ts";
import { createPasskeys } from "./accounts/passkeys.ts";
import { createPasswordChanges } from "./accounts/password-changes.ts";
import { createPasswordCheck } from "./accounts/password-check.ts";
import { createPasswords } from "./accounts/passwords.ts";
import { createResidence } from "./accounts/residence.ts";
import { accountRoutes } from "./accounts/routes.ts";
import { createSecondFactor } from "./accounts/second-factor.ts";
import { securityRoutes } from "./accounts/security-routes.ts";
import { createAccountStore } from "./accounts/store.ts";
import { createThrottle } from "./accounts/throttle.ts";
import type { Config } from "./config.ts";
import { destroyKeysOf } from "./exchange-accounts/keys-destroyed.ts";
import { inboxRoutes } from "./mail/inbox-routes.ts";
import { createPost } from "./mail/post.ts";
import type { Envelope } from "./platform/envelope.ts";
import type { EventListener } from "./platform/events.ts";
import type { Sql } from "./platform/postgres.ts";

type Needs = Readonly<{
  config: Config;
  sql: Sql;
  envelope: Envelope;
  events: EventListener;
  /** Who may make an account at present. */
  registration(): Promise<Config["registration"]>;
  countryRule(): Promise<CountryRule>;
  /** As operators call the site at present. */
  siteName(): Promise<string>;
  agreements: Agreements;
}>;

/** Puts the accounts of a web process together: who asks, and the routes by which people care for their accounts. */
export function wireAccounts(needs: Needs) {
  const { config, sql, envelope, events, registration, siteName } = needs;
  const { jwtSecretKey, jwtSecretKeyPrevious: previous } = config;
  const tokens = createAccessTokens(
    [jwtSecretKey, ...(previous === null ? [] : [previous])],
    Date.now,
  );
  const authentication = createAuthentication({
    tokens,
    programs: createLiveTokens(sql),
    accounts: createAccountStore(sql),
    events,
    now: Date.now,
  });
  const post = createPost(envelope);
  const passwords = createPasswords();
  const throttle = createThrottle(sql);
  const passwordCheck = createPasswordCheck({ sql, passwords, throttle, post });
  const basics = {
    ...{ ...config, sql, post, passwords, passwordCheck, throttle, envelope },
    ...{ siteName, now: Date.now },
  };
  const addresses = createAddresses(basics);
  const passwordChanges = createPasswordChanges(basics);
  const secondFactor = createSecondFactor(basics);
  const codeCheck = createCodeCheck({ ...basics, secondFactor });
  const residence = createResidence({ ...needs, post });
  const accounts = createAccounts({
    ...{ ...basics, tokens, secondFactor, codeCheck, addresses, residence, registration },
    agreements: needs.agreements,
  });
  const passkeys = createPasskeys({ ...basics, secondFactor });
  const confirmations = createConfirmations({ ...basics, secondFactor, codeCheck, passkeys });
  const invitations = createInvitations(basics);
  const apiTokens = createApiTokens(basics);
  const closing = createClosing({ ...basics, destroyKeys: destroyKeysOf });
  const parts = {
    ...{ ...basics, accounts, addresses, passwordChanges, secondFactor, passkeys, residence },
    ...{ confirmations, invitations, apiTokens, closing, isLive: authentication.isLive },
  };
  const routes: FastifyPluginAsync = async (app) => {
    await app.register(accountRoutes(parts));
    await app.register(invitationRoutes(parts));
    await app.register(securityRoutes(parts));
    await app.register(passkeyRoutes(parts));
    await app.register(apiTokenRoutes(parts));
    await app.register(dataRoutes(parts));
    await app.register(inboxRoutes(parts));
  };
  return {
    ...{ authentication, routes, tokens, post, passwords, addresses, confirmations },
    ...{ countryObstacle: residence.obstacle, goOn: accounts.goOn },
  };
}
