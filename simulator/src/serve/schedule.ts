import type { Clock } from "../clock.ts";

/** Waiting in exchange time: by timers on a running clock, by steps on a stepped one. */
export type Schedule = Readonly<{
  wait: (ms: number) => Promise<void>;
  /** Wakes everything that is due. */
  run: (now: number) => void;
  /** Whether the last run woke anybody: then others deserve a turn before time moves on. */
  hasWoken: () => boolean;
  /** How many wait on a stepped clock. */
  sleepers: () => number;
}>;

type Sleeper = Readonly<{ dueAt: number; wake: () => void }>;

export function createSchedule(clock: Clock): Schedule {
  let sleepers: Sleeper[] = [];
  let woken = false;
  return {
    wait: (ms) => {
      if (ms <= 0) return Promise.resolve();
      if (!clock.isStepped) return new Promise((resolve) => setTimeout(resolve, ms / clock.speed));
      return new Promise((wake) => sleepers.push({ dueAt: clock.now() + ms, wake }));
    },
    run: (now) => {
      const due = sleepers.filter(({ dueAt }) => dueAt <= now);
      woken = due.length > 0;
      if (!woken) return;
      sleepers = sleepers.filter(({ dueAt }) => dueAt > now);
      for (const { wake } of due.sort((a, b) => a.dueAt - b.dueAt)) wake();
    },
    hasWoken: () => woken,
    sleepers: () => sleepers.length,
  };
}
