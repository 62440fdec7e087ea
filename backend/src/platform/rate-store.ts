import type { FastifyRateLimitStore, FastifyRateLimitStoreCtor } from "@fastify/rate-limit";
import type { Redis } from "ioredis";

type Count = { current: number; ttl: number };
type Answer = (error: Error | null, count?: Count) => void;

/** At once, so that no count stays without an end. */
const countOne = `
local current = redis.call('INCR', KEYS[1])
if current == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {current, redis.call('PTTL', KEYS[1])}`;

/** What the plugin gives besides what its types tell. */
type WithRoute = Readonly<{ routeInfo?: { method?: string | readonly string[]; url?: string } }>;

type Needs = Readonly<{
  redis: Redis;
  /** Told when processes begin to count each for itself, and when they count together again. */
  onChange(isShared: boolean): void;
}>;

/** Counts requests in Redis, together with other processes; in this process alone as long as Redis does not answer. */
export function sharedRateStore({ redis, onChange }: Needs): FastifyRateLimitStoreCtor {
  let isShared = true;
  const say = (next: boolean) => {
    if (next !== isShared) onChange(next);
    isShared = next;
  };
  return class RateStore implements FastifyRateLimitStore {
    readonly #own = createOwnCounts(Date.now);
    #prefix = "trading:rate:";

    incr(key: string, answer: Answer, windowMs: number): void {
      redis.eval(countOne, 1, this.#prefix + key, windowMs).then(
        (result) => {
          const [current = 0, ttl = 0] = result as number[];
          say(true);
          answer(null, { current, ttl });
        },
        () => {
          say(false);
          answer(null, this.#own(key, windowMs));
        },
      );
    }

    child(options: unknown): FastifyRateLimitStore {
      const { routeInfo: { method = "", url = "" } = {} } = options as WithRoute;
      const child = new RateStore();
      child.#prefix = `${this.#prefix}${[method].flat().join()}${url}-`;
      return child;
    }
  };
}

const keysMax = 10_000;

/** Counts per key in windows of time, of the newest keys only. */
export function createOwnCounts(now: () => number): (key: string, windowMs: number) => Count {
  const counts = new Map<string, { current: number; endsAtMs: number }>();
  return (key, windowMs) => {
    const found = counts.get(key);
    const isAlive = found !== undefined && found.endsAtMs > now();
    const count = isAlive ? found : { current: 0, endsAtMs: now() + windowMs };
    count.current += 1;
    counts.delete(key);
    counts.set(key, count);
    for (const oldest of counts.keys()) {
      if (counts.size <= keysMax) break;
      counts.delete(oldest);
    }
    return { current: count.current, ttl: count.endsAtMs - now() };
  };
}
