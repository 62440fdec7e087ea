import type { Post } from "../mail/post.ts";
import { PlatformError } from "../platform/errors.ts";
import type { Sql } from "../platform/postgres.ts";
import type { SecondFactor } from "./second-factor.ts";
import type { Origin } from "./sessions.ts";
import type { User } from "./store.ts";
import { tellBy } from "./tell.ts";
import { type Owned, type Throttle, wrongInARowMax } from "./throttle.ts";

type Needs = Readonly<{ sql: Sql; secondFactor: SecondFactor; throttle: Throttle; post: Post }>;

/** So often somebody mistypes; from then on it is told. */
const wrongBeforeTold = 5;

export type CodeCheck = ReturnType<typeof createCodeCheck>;

/**
 * Judges codes, and counts the wrong ones as wrong passwords are counted, until somebody gets in or sets a new password.
 * After a hundred in a row those of the app open nothing; a recovery code, which nobody guesses, does. A browser that the
 * account knows has a hundred of its own.
 */
export function createCodeCheck({ sql, secondFactor, throttle, post }: Needs) {
  const tell = tellBy(post);

  /** How many wrong ones in a row that makes; none when it is right. */
  async function countWrong(user: User, of: Owned, code: string): Promise<number> {
    const tried = await throttle.countPassword({ kind: "codes", of });
    try {
      await secondFactor.use(user, code, { isOfAppJudged: tried !== null });
      return 0;
    } catch (error) {
      if (error instanceof PlatformError && error.code === "wrong-code")
        return tried ?? wrongInARowMax;
      throw error;
    }
  }

  return {
    /** Uses a code up before the password was judged. */
    isRight: async (user: User, of: Owned, code: string): Promise<boolean> =>
      (await countWrong(user, of, code)) === 0,

    /** Uses a code up after the right password. Throws `wrong-code`; time and again, and the owner hears that it is known. */
    async require(user: User, of: Owned, code: string, { address }: Origin): Promise<void> {
      const wrong = await countWrong(user, of, code);
      if (wrong === 0) return;
      const isTold = wrong >= wrongBeforeTold && user.passwordHash !== null;
      if (isTold && (await throttle.mayTell("wrong-codes", user.id)))
        await tell(sql, user, "wrong-codes", { origin: address });
      throw new PlatformError(
        "wrong-code",
        "This code is wrong or was used already. Whoever tried too often needs a recovery code, a passkey or a new password.",
      );
    },
  };
}
