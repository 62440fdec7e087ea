import { setTimeout as sleep } from "node:timers/promises";
import { restartDelayMs } from "./restart-policy.ts";

type Needs = Readonly<{
  isRunning(): boolean;
  /** Starts it again where it was; rejects when that fails. */
  restart(): Promise<unknown>;
  /** One sentence whenever it ended by itself, came back, or cannot come back for a new reason. */
  onTrouble(sentence: string): void;
  everyMs?: number;
}>;

/** Looks at the database server every second and starts it again, with growing pauses, whenever it is gone. */
export function watchDatabase({ isRunning, restart, onTrouble, everyMs = 1_000 }: Needs): {
  close(): Promise<void>;
} {
  const closing = new AbortController();
  const { signal } = closing;
  const pause = (ms: number) => sleep(ms, undefined, { signal }).catch(() => undefined);
  const endedAtMs: number[] = [];

  const comeBack = async () => {
    let told = "";
    while (!signal.aborted) {
      endedAtMs.push(Date.now());
      const delayMs = restartDelayMs(endedAtMs);
      if (told === "") onTrouble(`the database ended, starting it again in ${delayMs / 1_000} s.`);
      await pause(delayMs);
      if (signal.aborted) return;
      try {
        await restart();
        return onTrouble("the database runs again.");
      } catch (error) {
        const reason = (error as Error).message;
        if (reason !== told) onTrouble(`the database does not start: ${reason}`);
        told = reason;
      }
    }
  };
  const watching = (async () => {
    while (!signal.aborted) {
      await pause(everyMs);
      if (!signal.aborted && !isRunning()) await comeBack();
    }
  })();

  return {
    close() {
      closing.abort();
      return watching;
    },
  };
}
