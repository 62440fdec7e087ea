import type { Authenticate, CurrentUser } from "../platform/authentication.ts";
import type { EventListener } from "../platform/events.ts";
import type { AccessTokens } from "./access-token.ts";
import type { AccountStore } from "./store.ts";

/** How long an answer of the database is believed: a revoked session is served at most this much longer. */
const believedMs = 900;
const rememberedMax = 10_000;

type Needs = Readonly<{
  tokens: AccessTokens;
  accounts: AccountStore;
  /** Revocations arrive here and are believed at once. */
  events: EventListener;
  now(): number;
}>;

type Live = Awaited<ReturnType<AccountStore["findLiveSession"]>>;

export type Authentication = Readonly<{
  authenticate: Authenticate;
  /** Whether a session may still be served. */
  isLive(user: CurrentUser): Promise<boolean>;
}>;

/** Believes an access token only while its session and its user's epoch still stand in the database. */
export function createAuthentication({ tokens, accounts, events, now }: Needs): Authentication {
  const remembered = new Map<string, { until: number; live: Promise<Live> }>();
  events.subscribe({
    onMessage: (message) => {
      if (message.kind !== "revoked") return;
      if (message.sessionId !== undefined) remembered.delete(message.sessionId);
      else remembered.clear();
    },
    onGap: () => remembered.clear(),
  });

  const find = (sessionId: string): Promise<Live> => {
    const known = remembered.get(sessionId);
    if (known !== undefined && known.until > now()) return known.live;
    if (remembered.size >= rememberedMax) remembered.clear();
    const live = accounts.findLiveSession(sessionId);
    remembered.set(sessionId, { until: now() + believedMs, live });
    live.catch(() => remembered.delete(sessionId));
    return live;
  };

  return {
    async authenticate(accessToken) {
      const claims = await tokens.read(accessToken);
      if (claims === null) return null;
      const live = await find(claims.sessionId);
      if (live === null || live.userId !== claims.userId || live.epoch !== claims.epoch)
        return null;
      const { userId: id, role, impersonatorId } = live;
      return { id, role, impersonatorId, sessionId: claims.sessionId };
    },
    isLive: async ({ id, sessionId }) => (await find(sessionId))?.userId === id,
  };
}
