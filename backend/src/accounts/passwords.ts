import { type Algorithm, hash, verify } from "@node-rs/argon2";
import { PlatformError } from "../platform/errors.ts";

/** OWASP's minimum for Argon2id: 19 MiB, two passes, one lane; about 30 to 70 ms. */
const settings = {
  algorithm: 2 satisfies Algorithm.Argon2id,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
} as const;

/** At most this many are computed at once in a process, so that a flood of sign-ins leaves room for everything else. */
const atOnce = 2;
const waitingMax = 100;
/** New passwords stand in a line of their own and come one by one, so that whoever signs in waits for one at most. */
const newAtOnce = 1;
const newWaitingMax = 50;

export type Passwords = Readonly<{
  hash(password: string): Promise<string>;
  /** False after the same work when there is no hash: unknown names and wrong passwords look alike. */
  verify(stored: string | null, password: string): Promise<boolean>;
}>;

/** Hashes and checks passwords, a few at a time; refuses with `rate-limited` when too many wait. */
export function createPasswords(): Passwords {
  const inTurn = limited(atOnce, waitingMax);
  const newInTurn = limited(newAtOnce, newWaitingMax);
  const decoy = hash("nobody has this password", settings);
  return {
    hash: (password) => newInTurn(() => inTurn(() => hashPassword(password))),
    async verify(stored, password) {
      const against = stored ?? (await decoy);
      const isRight = await inTurn(() => verify(against, password.normalize("NFKC")));
      return isRight && stored !== null;
    },
  };
}

/** What is stored of a password. */
export const hashPassword = (password: string): Promise<string> =>
  hash(password.normalize("NFKC"), settings);

/** Runs at most `max` of what it is given at once; the rest wait in order, no more than `queueMax`. */
export function limited(max: number, queueMax: number) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running >= max) {
      if (waiting.length >= queueMax) {
        throw new PlatformError("rate-limited", "Too many passwords are checked at this moment.", {
          retryAfter: 2,
        });
      }
      await new Promise<void>((turn) => waiting.push(turn));
    } else running++;
    try {
      return await work();
    } finally {
      // A turn is handed on, so the count only falls when nobody waits.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
