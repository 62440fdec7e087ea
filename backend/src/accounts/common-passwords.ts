import { readFileSync } from "node:fs";
import { join } from "node:path";
import { guessesOf } from "./password-strength.ts";

/**
 * The 10,000 passwords people choose most, and all of twelve characters and more among the first 30,000. From the
 * frequency list of zxcvbn 4.4.2 (MIT), which counts leaked ones.
 */
const common: ReadonlySet<string> = new Set(
  readFileSync(join(import.meta.dirname, "common-passwords.txt"), "utf8")
    .trim()
    .split("\n"),
);

/** Too well known for what they are made of. */
const famous: ReadonlySet<string> = new Set([
  "correcthorsebatterystaple",
  "thequickbrownfoxjumpsoverthelazydog",
]);

/** As an exponent of ten; two words of the list and a sign between them are worth less, three are worth more. */
const guessesMin = 10;
/** What comes behind these adds to a password and takes nothing from it. */
const judgedMax = 64;

/**
 * Why a password is among the first that somebody guesses, or null: it is on the list, or is worth too few guesses
 * when it is taken apart into words of the list, names, rows of keys and repetitions.
 */
export function whyGuessable(password: string, own: readonly string[]): string | null {
  const plain = password.normalize("NFKC").toLowerCase();
  if (common.has(plain) || famous.has(plain.replace(/[^\p{L}\p{N}]/gu, "")))
    return "is one of the most common passwords";
  const isWord = (text: string) => text.length >= 3 && common.has(text);
  const judged = plain.slice(0, judgedMax);
  if (guessesOf(judged, isWord, new Set()) < guessesMin)
    return "is made of what is guessed first: common passwords and words, rows of keys, years, repetitions";
  if (guessesOf(judged, isWord, wordsOf(own)) < guessesMin)
    return "is made of your own name or address, or the site's name";
  return null;
}

/** Names, addresses and what they are made of. */
function wordsOf(own: readonly string[]): Set<string> {
  const texts = own.map((one) => one.normalize("NFKC").toLowerCase());
  const parts = texts.flatMap((one) => [
    one,
    one.split("@")[0] ?? "",
    ...one.split(/[^\p{L}\p{N}]+/u),
  ]);
  return new Set(parts.filter((one) => one.length >= 3));
}
