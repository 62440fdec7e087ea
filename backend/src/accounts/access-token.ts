import { createHash } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";

export const accessTokenSeconds = 600;

/** What an access token says: who, in which session, in which epoch of the user. The role is read from the database. */
export type AccessClaims = Readonly<{ userId: string; sessionId: string; epoch: number }>;

export type AccessTokens = Readonly<{
  make(claims: AccessClaims): Promise<string>;
  /** Null for everything that is not a token of ours that is valid now. */
  read(token: string): Promise<AccessClaims | null>;
}>;

const issuer = "trading-platform";
const audience = "trading-platform/api";
const typ = "at+jwt";

/**
 * Access tokens as JWT with HS256. The first secret signs; all verify, chosen by `kid`, so that a secret can be
 * replaced while tokens of the old one still live.
 */
export function createAccessTokens(
  secrets: readonly [string, ...string[]],
  now: () => number,
): AccessTokens {
  const keys = new Map(secrets.map((secret) => [keyId(secret), new TextEncoder().encode(secret)]));
  const [signingSecret] = secrets;
  const signingKey = new TextEncoder().encode(signingSecret);
  const header = { alg: "HS256", typ, kid: keyId(signingSecret) };

  return {
    make({ userId, sessionId, epoch }) {
      const seconds = Math.floor(now() / 1_000);
      return new SignJWT({ sid: sessionId, epoch })
        .setProtectedHeader(header)
        .setSubject(userId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(seconds)
        .setNotBefore(seconds)
        .setExpirationTime(seconds + accessTokenSeconds)
        .sign(signingKey);
    },
    async read(token) {
      if (!isCanonical(token)) return null;
      try {
        const { payload } = await jwtVerify(
          token,
          ({ kid }) => {
            const key = keys.get(kid ?? "");
            if (key === undefined) throw new Error("unknown key");
            return key;
          },
          {
            algorithms: ["HS256"],
            issuer,
            audience,
            typ,
            requiredClaims: ["sub", "sid", "epoch", "exp", "nbf", "iat"],
            clockTolerance: 2,
            currentDate: new Date(now()),
          },
        );
        const { sub, sid, epoch } = payload;
        return typeof sub === "string" && typeof sid === "string" && Number.isInteger(epoch)
          ? { userId: sub, sessionId: sid, epoch: epoch as number }
          : null;
      } catch {
        return null; // Why it is refused is nobody's business.
      }
    },
  };
}

/** One spelling per token: decoders forgive padding, blanks and stray bits at the end, we do not. */
const isCanonical = (token: string): boolean =>
  token.split(".").every((part) => Buffer.from(part, "base64url").toString("base64url") === part);

/** Names a secret without telling anything of it that would help. */
const keyId = (secret: string): string =>
  createHash("sha256").update(`kid:${secret}`).digest("hex").slice(0, 8);
