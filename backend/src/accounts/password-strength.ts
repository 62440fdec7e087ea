/**
 * How many guesses a password is worth to somebody who tries words, walks over the keyboard, rows of letters, years and
 * repetitions first, as the exponent of ten. It is taken apart in the way that makes it cheapest.
 */
export function guessesOf(plain: string, isWord: (text: string) => boolean, own: Own): number {
  const cheapest = [0];
  for (let end = 1; end <= plain.length; end++) {
    let least = (cheapest[end - 1] ?? 0) + costOfOne(plain[end - 1] ?? "");
    for (let from = Math.max(0, end - partMax); from <= end - partMin; from++) {
      const cost = costOf(plain.slice(from, end), plain.slice(0, from), isWord, own);
      least = Math.min(least, (cheapest[from] ?? 0) + cost);
    }
    cheapest.push(least);
  }
  return cheapest[plain.length] ?? 0;
}

/** Words that say who and where: names of the user, the address, the site. */
type Own = ReadonlySet<string>;

const partMin = 3;
const partMax = 40;

const letter = Math.log10(26);
const sign = Math.log10(33);
const costOfOne = (character: string): number =>
  /\d/.test(character) ? 1 : /\p{L}/u.test(character) ? letter : sign;

/** Of ten: what somebody tries first, a thousand rows and walks, ten thousand words, and ten ways to disguise one. */
function costOf(part: string, before: string, isWord: (text: string) => boolean, own: Own): number {
  if (own.has(part)) return 1;
  if (before.endsWith(part) || before.includes(part.repeat(2))) return 1;
  if (/^(19|20)\d\d$/.test(part)) return 2;
  if (isRow(part)) return 3;
  if (isWord(part)) return 4;
  return isWord(undisguised(part)) ? 5 : Number.POSITIVE_INFINITY;
}

const disguises: Readonly<Record<string, string>> = {
  ...{ "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t" },
  ...{ "@": "a", $: "s", "!": "i" },
};
const undisguised = (part: string): string =>
  part.replace(/[0134571@$!]/g, (character) => disguises[character] ?? character);

/** `abc`, `321`, `aaa`, and whatever a finger reaches key by key. */
function isRow(part: string): boolean {
  const steps = [...part].slice(1).map((next, i) => stepOf(part[i] ?? "", next));
  const [first] = steps;
  const isEven = first !== undefined && Math.abs(first) <= 1 && steps.every((one) => one === first);
  return isEven || [...part].slice(1).every((next, i) => areNeighbours(part[i] ?? "", next));
}

/** Zero follows nine. */
const stepOf = (one: string, next: string): number =>
  one === "9" && next === "0" ? 1 : (next.codePointAt(0) ?? 0) - (one.codePointAt(0) ?? 0);

const keyboard = ["1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./"];
const places = new Map(
  keyboard.flatMap((row, y) => [...row].map((key, x) => [key, { x: x + y * 0.5, y }] as const)),
);

function areNeighbours(one: string, next: string): boolean {
  const [a, b] = [places.get(one), places.get(next)];
  return a !== undefined && b !== undefined && Math.abs(a.x - b.x) <= 1 && Math.abs(a.y - b.y) <= 1;
}
