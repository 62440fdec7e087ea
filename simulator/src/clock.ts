/** The exchange's time. It runs with the wall (at any speed) or only when stepped. */
export type Clock = Readonly<{
  /** Exchange time, ms since epoch UTC, whole. */
  now: () => number;
  isStepped: boolean;
  speed: number;
  /** Moves a stepped clock forward. Throws on a running one and on going back. */
  step: (byMs: number) => void;
}>;

/** Follows the given wall clock, from its current instant on, at a speed. */
export function runningClock(wall: () => number, speed = 1): Clock {
  const start = wall();
  return {
    now: () => Math.floor(start + (wall() - start) * speed),
    isStepped: false,
    speed,
    step: () => {
      throw new RangeError("this clock runs by itself");
    },
  };
}

/** Stands still until it is stepped. */
export function steppedClock(startAt: number): Clock {
  let time = startAt;
  return {
    now: () => time,
    isStepped: true,
    speed: 0,
    step: (byMs) => {
      if (!(Number.isSafeInteger(byMs) && byMs >= 0)) throw new RangeError("a step goes forward");
      time += byMs;
    },
  };
}
