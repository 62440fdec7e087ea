import type { Authentication as Asking, CurrentUser } from "../platform/authentication.ts";
import { PlatformError } from "../platform/errors.ts";
import type { EventListener } from "../platform/events.ts";
import type { AccessTokens } from "./access-token.ts";
import { apiTokenMark, type createLiveTokens, isWithin, type LiveToken } from "./api-tokens.ts";
import type { AccountStore } from "./store.ts";

/** How long an answer of the database is believed: a revoked session is served at most this much longer. */
const believedMs = 900;
const rememberedMax = 10_000;

type Needs = Readonly<{
  tokens: AccessTokens;
  programs: LiveTokens;
  accounts: AccountStore;
  /** Revocations arrive here and are believed at once. */
  events: EventListener;
  now(): number;
}>;

type LiveTokens = ReturnType<typeof createLiveTokens>;
type Live = Awaited<ReturnType<AccountStore["findLiveSession"]>>;

export type Authentication = Asking &
  Readonly<{
    /** Whether a session may still be served. */
    isLive(user: CurrentUser): Promise<boolean>;
  }>;

/** Believes an API token while its row stands, and an access token only while its session and its user's epoch still stand in the database. */
export function createAuthentication(needs: Needs): Authentication {
  const { tokens, programs, accounts, events, now } = needs;
  const remembered = createMemory<Live>(now);
  const rememberedPrograms = createMemory<LiveToken | null>(now);
  events.subscribe({
    onMessage: (message) => {
      if (message.kind !== "revoked") return;
      // Programs are known by their secret here: few, so that all are asked for again.
      rememberedPrograms.forget();
      remembered.forget(message.sessionId);
    },
    onGap() {
      rememberedPrograms.forget();
      remembered.forget();
    },
  });

  const find = (sessionId: string) =>
    remembered.recall(sessionId, () => accounts.findLiveSession(sessionId));

  async function authenticateProgram(token: string, address: string): Promise<CurrentUser | null> {
    const live = await rememberedPrograms.recall(token, async () => {
      const found = await programs.findByToken(token);
      if (found !== null && isWithin(found.networks, address))
        await programs.recordUse(found.id, address);
      return found;
    });
    return live === null ? null : programOf(live, address);
  }

  return {
    async authenticate(token, address) {
      if (token.startsWith(apiTokenMark)) return authenticateProgram(token, address);
      const claims = await tokens.read(token);
      if (claims === null) return null;
      let live = await find(claims.sessionId);
      // The token is newer than what is remembered: its browser was faster than the word of the change.
      if (live !== null && live.epoch < claims.epoch) {
        remembered.forget(claims.sessionId);
        live = await find(claims.sessionId);
      }
      if (live === null || live.userId !== claims.userId || live.epoch !== claims.epoch)
        return null;
      const { userId: id, role, epoch, impersonatorId } = live;
      return { id, role, epoch, impersonatorId, sessionId: claims.sessionId, scopes: null };
    },
    async lookAgain({ id, sessionId, epoch, scopes }, address) {
      if (scopes !== null) {
        const live = await programs.findById(sessionId);
        return live === null ? null : programOf(live, address);
      }
      const live = await accounts.findLiveSession(sessionId);
      if (live === null || live.userId !== id || live.epoch !== epoch) return null;
      const { role, impersonatorId } = live;
      return { id, role, sessionId, epoch, scopes, impersonatorId };
    },
    async isLive({ id, sessionId, scopes }) {
      const live = scopes === null ? await find(sessionId) : await programs.findById(sessionId);
      return live?.userId === id;
    },
  };
}

/** Who asks by an API token. Throws `forbidden` where it may not come from. */
function programOf(live: LiveToken, address: string): CurrentUser {
  if (!isWithin(live.networks, address))
    throw new PlatformError("forbidden", "This token may not be used from this address.");
  const { id: sessionId, userId: id, role, epoch, scopes } = live;
  return { id, role, sessionId, epoch, scopes, impersonatorId: null };
}

/** Answers of the database, believed for a moment. */
function createMemory<Value>(now: () => number) {
  const known = new Map<string, { until: number; value: Promise<Value> }>();
  return {
    recall(key: string, ask: () => Promise<Value>): Promise<Value> {
      const last = known.get(key);
      if (last !== undefined && last.until > now()) return last.value;
      if (known.size >= rememberedMax) known.clear();
      const value = ask();
      known.set(key, { until: now() + believedMs, value });
      value.catch(() => known.delete(key));
      return value;
    },
    /** One, or all. */
    forget(key?: string): void {
      if (key === undefined) known.clear();
      else known.delete(key);
    },
  };
}
