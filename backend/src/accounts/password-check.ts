import type { Post } from "../mail/post.ts";
import { PlatformError } from "../platform/errors.ts";
import type { Sql } from "../platform/postgres.ts";
import { createKnownDevices } from "./known-devices.ts";
import type { Passwords } from "./passwords.ts";
import type { Origin } from "./sessions.ts";
import type { User } from "./store.ts";
import { tellBy } from "./tell.ts";
import { type Owned, type Target, type Throttle, wrongInARowMax } from "./throttle.ts";

/** Whose tries count: those of a browser that is known are its own. */
export const targetOf = ({ id: userId }: User, device: string | null): Owned =>
  device === null ? { kind: "account", userId } : { kind: "known-device", userId, device };

type Needs = Readonly<{ sql: Sql; passwords: Passwords; throttle: Throttle; post: Post }>;

export type PasswordCheck = ReturnType<typeof createPasswordCheck>;

/**
 * Judges passwords, and counts those of an account until somebody gets in. After a hundred wrong ones in a row the
 * password alone opens nothing, the right one neither, and its owner is told: a link by mail, a passkey or one of a hundred
 * codes does. A browser that the account knows has a hundred of its own, so that strangers cannot use them up.
 */
export function createPasswordCheck({ sql, passwords, throttle, post }: Needs) {
  const tell = tellBy(post);
  return {
    /** Names that do not exist cost the same work. What was too much to judge at this moment is not counted. */
    async isRight(user: User | null, target: Target, password: string): Promise<boolean> {
      const tried = await throttle.countPassword(target);
      const stored = tried === null ? null : (user?.passwordHash ?? null);
      const isRight = await passwords.verify(stored, password).catch(async (error) => {
        if (tried !== null) await throttle.uncountPassword(target);
        throw error;
      });
      if (!isRight && tried === wrongInARowMax && user !== null) {
        await tell(sql, user, "password-blocked");
      }
      return isRight;
    },
    /** Who tries, as passwords and codes of the account are counted. */
    async targetOf(user: User, { deviceToken }: Origin): Promise<Owned> {
      return targetOf(user, await createKnownDevices(sql).find(user.id, deviceToken));
    },

    /** For whoever is signed in and shows the password again. Throws `wrong-credentials`; the caller ends the count. */
    async require(user: User, password: string, origin: Origin): Promise<void> {
      const { address } = origin;
      await throttle.enter("confirm", user.id, address);
      const target = await this.targetOf(user, origin);
      const isRight = await this.isRight(user, target, password).catch(async (error) => {
        await throttle.giveBack("confirm", user.id, address);
        throw error;
      });
      if (isRight) return;
      throw new PlatformError(
        "wrong-credentials",
        "The password is wrong. Whoever tried too often needs a link by mail, or a passkey.",
      );
    },

    isExhausted: throttle.isExhausted,
    uncount: throttle.uncountPassword,
    forgive: throttle.forgivePasswords,
  };
}
