import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** RFC 6238 as every authenticator app understands it: SHA-1, six digits, 30 seconds. */
const stepSeconds = 30;
const digits = 6;
/** Clocks of phones are off by a little: one step to either side counts. */
const stepsOff = 1;

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A new secret of 160 bits, in base32. */
export const newTotpSecret = (): string => base32(randomBytes(20));

/** What an authenticator app reads from a picture. */
export function totpAddress(secret: string, siteName: string, userName: string): string {
  const [site, name] = [siteName, userName].map(encodeURIComponent);
  return `otpauth://totp/${site}:${name}?secret=${secret}&issuer=${site}`;
}

/** The code of one step of 30 seconds since 1970. */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 15;
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, "0");
}

export const stepAt = (ms: number): number => Math.floor(ms / 1_000 / stepSeconds);

/**
 * The step a code belongs to, of those around now that lie after the last one used; null when it is none. A code
 * that was used once is no code any more, nor is any from before it.
 */
export function matchingStep(
  secret: string,
  code: string,
  now: number,
  lastStep: number,
): number | null {
  const current = stepAt(now);
  let found: number | null = null;
  for (let step = current - stepsOff; step <= current + stepsOff; step++) {
    if (isEqual(totpCode(secret, step), code) && step > lastStep) found = step;
  }
  return found;
}

function isEqual(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}

function base32(bytes: Buffer): string {
  let bits = "";
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
  return (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)]).join("");
}

function fromBase32(text: string): Buffer {
  const bits = [...text]
    .map((sign) => alphabet.indexOf(sign).toString(2).padStart(5, "0"))
    .join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
