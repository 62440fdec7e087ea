import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The 10,000 passwords people choose most, and all of twelve characters and more among the first 30,000. From the
 * frequency list of zxcvbn 4.4.2 (MIT), which counts leaked ones.
 */
const common: ReadonlySet<string> = new Set(
  readFileSync(join(import.meta.dirname, "common-passwords.txt"), "utf8")
    .trim()
    .split("\n"),
);

const repeated = /^(.{1,8}?)\1+$/u;
const decoration = /^[\P{L}]+|[\P{L}]+$/gu;
/** More around a common word, or more digits and signs without any, is a secret of its own. */
const decorationMax = 8;
const wordlessMax = 14;

/**
 * Why a password is among the first that somebody guesses, or null: it is on the list, repeats a few characters, is a
 * common word with digits and signs around it, or is the user's own name or address.
 */
export function whyGuessable(password: string, own: readonly string[]): string | null {
  const plain = password.normalize("NFKC").toLowerCase();
  if (common.has(plain)) return "is one of the most common passwords";
  if (repeated.test(plain)) return "repeats the same few characters";
  const word = plain.replace(decoration, "");
  const isDecorated = plain.length - word.length <= (word === "" ? wordlessMax : decorationMax);
  if (isDecorated && (word === "" || common.has(word) || repeated.test(word)))
    return "is a common password with a few characters around it";
  const names = own
    .flatMap((one) => [one, one.split("@")[0] ?? ""])
    .map((one) => one.toLowerCase());
  if (names.some((name) => name.length >= 3 && (plain === name || (isDecorated && word === name))))
    return "is made of your own name or address";
  return null;
}
