import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createEnvelope, keyOf, keysFromSecrets, type Place, SealBroken } from "./envelope.ts";

const [oldSecret, newSecret] = ["o".repeat(40), "n".repeat(40)];
const place: Place = { table: "keys", rowId: "r1", userId: "u1", column: "secret" };
const envelopeOf = (...secrets: string[]) => createEnvelope(keysFromSecrets(secrets));
const envelope = envelopeOf(newSecret, oldSecret);

test("what was sealed opens in its place, whatever it holds", async () => {
  for (const text of ["", "secret", "ключ 🔑", "x".repeat(10_000)]) {
    expect(await envelope.open(await envelope.seal(text, place), place)).toBe(text);
  }
});

test("of 10,000 manipulations none opens", { timeout: 60_000 }, async () => {
  const sealed = await envelope.seal("the secret of this row", place);
  const other = await envelope.seal("the secret of this row", place);
  let opened = 0;
  for (let i = 0; i < 10_000; i++) {
    const changed = manipulate(sealed, other, i);
    expect(changed).not.toBe(sealed);
    await envelope.open(changed, place).then(
      () => opened++,
      (error) => expect(error).toBeInstanceOf(SealBroken),
    );
  }
  expect(opened).toBe(0);
});

/** A character, a cut, parts of another value, another key's name, or noise. */
function manipulate(sealed: string, other: string, i: number): string {
  const at = (i * 7919) % sealed.length;
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
  const letter = alphabet[(alphabet.indexOf(sealed[at] ?? "") + 1 + (i % 64)) % alphabet.length];
  const parts = sealed.split(".");
  const strange = other.split(".");
  switch (i % 8) {
    case 0:
      return sealed.slice(0, at);
    case 1:
      return `${sealed}${letter}`;
    case 2:
      return parts.map((part, n) => (n === 2 + (at % 2) ? strange[n] : part)).join(".");
    case 3:
      return parts.map((part, n) => (n === 1 ? randomBytes(4).toString("hex") : part)).join(".");
    case 4:
      return `v1.${parts[1]}.${randomBytes(60).toString("base64url")}.${randomBytes(50).toString("base64url")}`;
    default:
      return sealed.slice(0, at) + letter + sealed.slice(at + 1);
  }
}

test("another row, user, column, table or key does not open it", async () => {
  const sealed = await envelope.seal("secret", place);
  for (const moved of [{ rowId: "r2" }, { userId: "u2" }, { column: "other" }, { table: "mails" }])
    await expect(envelope.open(sealed, { ...place, ...moved })).rejects.toThrow(SealBroken);
  await expect(envelopeOf(oldSecret).open(sealed, place)).rejects.toThrow(SealBroken);
  const renamed = sealed.replace(keyOf(sealed), envelopeOf(oldSecret).currentKey);
  await expect(envelope.open(renamed, place)).rejects.toThrow(SealBroken);
});

test("a value is carried over to the new key, and the old key is not needed any more", async () => {
  const before = await envelopeOf(oldSecret).seal("secret", place);
  const after = await envelope.rewrap(before, place);
  expect([keyOf(before), keyOf(after)]).toEqual([
    envelopeOf(oldSecret).currentKey,
    envelopeOf(newSecret).currentKey,
  ]);
  expect(await envelopeOf(newSecret).open(after, place)).toBe("secret");
  await expect(envelope.rewrap(after, { ...place, rowId: "r2" })).rejects.toThrow(SealBroken);
});

test("the same text never looks the same", async () => {
  const sealed = await Promise.all(Array.from({ length: 500 }, () => envelope.seal("x", place)));
  expect(new Set(sealed.map((one) => one.split(".")[2])).size).toBe(500);
  expect(new Set(sealed.map((one) => one.split(".")[3])).size).toBe(500);
});
