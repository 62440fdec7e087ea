/**
 * What a market would be worth if nobody traded, in ticks: a function of its seed and the time alone. A past
 * made anew, and the future after a restart, therefore continue the same prices.
 */
export type FairValue = Readonly<{
  at: (time: number) => number;
  /** Where it has been heading in the last half hour: -1 down, 1 up. */
  leaning: (time: number) => number;
}>;

const minute = 60_000;
const hour = 60 * minute;

/** Waves from ten seconds to two months, each twice as long as the one before. */
const periods = Array.from({ length: 20 }, (_, octave) => 10_000 * 2 ** octave);

/** How far a price goes in a minute, as a share of itself; over longer times with their square root. */
const minuteReach = 0.0006;

/** Below this length waves are higher in restless times and lower in calm ones. */
const restlessBelowMs = 2 * hour;

const shockEveryMs = 48 * hour;
const shockFadesMs = 18 * hour;
const shockSize = 0.03;

/** Is about `ticks` in the long run; exactly `ticks` at the anchor where one is given. */
export function createFairValue(seed: string, ticks: number, anchorAt?: number): FairValue {
  const key = keyOf(seed);
  const level = anchorAt === undefined ? 0 : logPrice(key, anchorAt);
  const at = (time: number): number => Math.max(10, ticks * Math.exp(logPrice(key, time) - level));
  return {
    at,
    leaning: (time) => {
      const change = at(time) / at(time - 30 * minute) - 1;
      return Math.max(-1, Math.min(1, change * 100));
    },
  };
}

function logPrice(key: number, time: number): number {
  const unrest = Math.exp(wave(key, 40, 4 * hour, time) + 0.6 * wave(key, 41, 37 * hour, time));
  let sum = shocks(key, time);
  for (let octave = 0; octave < periods.length; octave += 1) {
    const period = periods[octave] ?? minute;
    const height = minuteReach * Math.sqrt(period / minute) * 0.87;
    const mood = period < restlessBelowMs ? unrest : 1;
    sum += height * mood * wave(key, octave, period, time);
  }
  return sum;
}

/** Straight lines between chance points from -1 to 1, one per period. */
function wave(key: number, number: number, period: number, time: number): number {
  const cell = Math.floor(time / period);
  const from = chance(key, number, cell);
  const to = chance(key, number, cell + 1);
  return from + (to - from) * (time / period - cell);
}

/** One sudden move somewhere in every two days, which then fades. */
function shocks(key: number, time: number): number {
  const cell = Math.floor(time / shockEveryMs);
  let sum = 0;
  for (let one = cell - 3; one <= cell; one += 1) {
    const struckAt = (one + 0.5 + 0.5 * chance(key, 42, one)) * shockEveryMs;
    if (struckAt > time) continue;
    sum += shockSize * chance(key, 43, one) * Math.exp((struckAt - time) / shockFadesMs);
  }
  return sum;
}

/** From -1 to 1, the same for the same numbers. */
function chance(key: number, number: number, cell: number): number {
  let mixed = Math.imul(key ^ Math.imul(number + 1, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15) ^ cell, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0x27d4eb2f);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2_147_483_648 - 1;
}

/** FNV-1a. */
function keyOf(seed: string): number {
  let hash = 2_166_136_261;
  for (let index = 0; index < seed.length; index += 1) {
    hash = Math.imul(hash ^ seed.charCodeAt(index), 16_777_619);
  }
  return hash;
}
