import { createHash, randomBytes } from "node:crypto";

/** A secret of 256 random bits: given out once, known to us only by its hash. */
export const newToken = (): string => randomBytes(32).toString("base64url");

/** What is stored of a token. It is random enough that a fast hash cannot be guessed back. */
export const tokenHash = (token: string): string =>
  createHash("sha256").update(token).digest("hex");
