/** Chance from a seed (xoshiro128**): the same seed gives the same draws on every machine. */
export type Random = Readonly<{
  /** A whole number in [0, below). */
  integer: (below: number) => number;
  /** A number in [0, 1). */
  unit: () => number;
  /** About normal, mean 0 and deviation 1 (sum of twelve draws: no transcendental function). */
  normal: () => number;
  /** True with this probability. */
  chance: (probability: number) => boolean;
  /** Letters and digits. */
  token: (length: number) => string;
}>;

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

export function createRandom(seed: string): Random {
  const state = seeded(seed);
  const next = (): number => advance(state);
  const unit = (): number => next() / 4_294_967_296;
  const integer = (below: number): number => Math.floor(unit() * below);
  return {
    unit,
    integer,
    chance: (probability) => unit() < probability,
    normal: () => {
      let sum = -6;
      for (let draw = 0; draw < 12; draw += 1) sum += unit();
      return sum;
    },
    token: (length) => {
      let text = "";
      for (let place = 0; place < length; place += 1) text += alphabet[integer(alphabet.length)];
      return text;
    },
  };
}

function advance(s: Uint32Array): number {
  const [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = s;
  const result = Math.imul(rotate(Math.imul(s1, 5), 7), 9) >>> 0;
  const third = s2 ^ s0;
  const fourth = s3 ^ s1;
  s[1] = s1 ^ third;
  s[0] = s0 ^ fourth;
  s[2] = third ^ (s1 << 9);
  s[3] = rotate(fourth, 11);
  return result;
}

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

/** Spreads a text over the state (FNV-1a, then mixing). */
function seeded(seed: string): Uint32Array {
  let hash = 2_166_136_261;
  for (let index = 0; index < seed.length; index += 1) {
    hash = Math.imul(hash ^ seed.charCodeAt(index), 16_777_619);
  }
  const state = new Uint32Array(4);
  for (let index = 0; index < 4; index += 1) {
    hash = (hash + 0x9e3779b9) | 0;
    let mixed = hash;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    state[index] = mixed ^ (mixed >>> 16);
  }
  return state;
}
