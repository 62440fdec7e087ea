import type { Kind } from "./owned-things.ts";

/**
 * Who may do what, said by hand: what is not in one of these tables fails the access matrix.
 */

/** Ids that belong to somebody, by the path they stand in. */
export const owned: Readonly<Record<string, Kind>> = {
  "/series/{seriesId}": "series",
  "/data-tasks/{taskId}": "task",
  "/backtests/{backtestId}": "backtest",
  "/comparisons/{comparisonId}": "comparison",
  "/users/me/sessions/{sessionId}": "session",
  "/users/me/passkeys/{passkeyId}": "passkey",
  "/users/me/tokens/{tokenId}": "token",
  "/exchange-accounts/{accountId}": "account",
};
/** Names of what everybody who is signed in may read: strategies of the installation, markets of exchanges. */
export const shared = ["/strategies/{name}", "/exchanges/{exchange}", "/legal/{kind}"];
/** Ids below it are named by operators, and by nobody else. */
export const operated = "/admin/";
/** What anybody may ask. */
export const open = [
  "POST /auth/register",
  "POST /auth/login",
  "POST /auth/link",
  "POST /auth/forgot",
  "POST /auth/reset",
  "POST /auth/prove-address",
  "POST /auth/invitation",
  "POST /auth/passkey/options",
  "POST /auth/passkey",
  "POST /auth/keep-account",
  "POST /auth/refresh",
  "POST /auth/logout",
  "GET /health",
  "GET /ready",
  "GET /site",
  "GET /site/logo",
  "GET /legal",
  "GET /legal/{kind}",
  "POST /setup",
];
/** Said a second time, so that a slip in the table is seen: what each kind of asker may do. */
export const may: Readonly<Record<string, readonly string[]>> = {
  user: ["public", "read", "write", "begin", "security"],
  support: ["public", "read", "write", "begin", "security", "oversee"],
  admin: ["public", "read", "write", "begin", "security", "oversee", "operate"],
  looker: ["public", "read"],
  "read token": ["public", "read"],
  "trade token": ["public", "read", "write", "begin"],
  "admin token": ["public", "oversee"],
  "all of a former admin": ["public", "read", "write", "begin"],
};
/** What a session must confirm first, when it was opened a while ago. */
export const confirmedOnly = [
  "PUT /users/me/email",
  "PUT /users/me/password",
  "DELETE /users/me/sessions",
  "POST /users/me/totp",
  "PUT /users/me/totp",
  "DELETE /users/me/totp",
  "POST /users/me/recovery-codes",
  "POST /users/me/tokens",
  "GET /users/me/export",
  "POST /users/me/telegram",
  "PATCH /users/me",
  "POST /examples",
  "DELETE /users/me",
  "POST /users/me/passkeys/options",
  "POST /users/me/passkeys",
  "DELETE /users/me/passkeys/{passkeyId}",
  "POST /exchange-accounts",
  "PUT /exchange-accounts/{accountId}/key",
  "DELETE /exchange-accounts/{accountId}",
];
/** What a copied access token must not do either, though nothing is asked for again. */
export const browserOnly = [
  "POST /users/me/confirmation",
  "PUT /users/me/country",
  "DELETE /users/me/sessions/{sessionId}",
  "DELETE /users/me/telegram",
  "POST /users/me/legal",
];

/**
 * Every id that the document takes in a query or a body, found by looking. Ids of a kind belong to somebody; `operated`
 * ones are for operators only, `remembered` ones are kept as they are and looked up by nobody, `signed` ones name what
 * a signature shows.
 */
export const idsTaken: Readonly<Record<string, Kind | "operated" | "remembered" | "signed">> = {
  "PATCH /users/me/settings workbench.seriesId": "remembered",
  "PATCH /users/me/settings workbench.others[].seriesId": "remembered",
  "POST /users/me/confirmation passkey.id": "signed",
  "POST /auth/passkey credential.id": "signed",
  "POST /users/me/passkeys credential.id": "signed",
  "GET /admin/backtests ?userId": "operated",
  "GET /admin/audit ?actorId": "operated",
  "GET /admin/audit ?targetId": "operated",
  "GET /admin/audit.csv ?actorId": "operated",
  "GET /admin/audit.csv ?targetId": "operated",
  "POST /backtests candles.seriesId": "series",
  "POST /backtests candles.others[].seriesId": "series",
  "GET /backtests/compare ?ids": "backtest",
  "POST /comparisons backtestIds[]": "backtest",
};

const someKey = { apiKey: "x".repeat(64), secret: "y".repeat(64) };
/** Bodies that pass validation, where an operation wants one. */
export const bodies: Readonly<Record<string, object>> = {
  "POST /backtests/{backtestId}/repeat": {},
  "POST /examples": {},
  "PATCH /users/me": { name: "another-name" },
  "POST /admin/invitations": {},
  ...Object.fromEntries(
    [
      "POST /admin/users/{userId}/verification",
      "POST /admin/users/{userId}/sign-out",
      "POST /admin/users/{userId}/country-question",
      "POST /admin/users/{userId}/factor-removal",
      "POST /admin/users/{userId}/impersonation",
      "POST /admin/backtests/{backtestId}/stop",
      "POST /admin/backtests/{backtestId}/repeat",
      "DELETE /admin/series/{seriesId}",
      "POST /admin/queues/{queue}/dead-jobs/{jobId}/retry",
      "POST /admin/mails/{mailId}/resend",
      "POST /admin/key-leak",
    ].map((name) => [name, { reason: "to see" }]),
  ),
  "PUT /admin/users/{userId}/suspension": { isSuspended: true, reason: "to see" },
  "PUT /admin/users/{userId}/role": { role: "user", reason: "to see" },
  "PATCH /admin/settings": { version: 0, values: {}, reason: "to see" },
  "PUT /admin/halt": { isHalted: true, reason: "to see" },
  "PUT /admin/logo": { image: null, reason: "to see" },
  "POST /admin/announcements": { text: "to see", tone: "info", endsAt: null, reason: "to see" },
  "POST /admin/legal/{kind}": { text: "to see what is published", reason: "to see" },
  "POST /admin/sign-out-everybody": { reason: "to see" },
  "POST /users/me/confirmation": { password: "not the password" },
  "PUT /users/me/country": { country: "AT" },
  "POST /users/me/legal": { kind: "terms", version: 1 },
  "PUT /users/me/email": { email: "other@example.com" },
  "PUT /users/me/password": { current: null, password: "a long enough password" },
  "PUT /users/me/totp": { code: "123456" },
  "POST /users/me/tokens": { name: "x", scopes: ["read"] },
  "POST /exchange-accounts": { exchange: "binance", label: "x", ...someKey },
  "PATCH /exchange-accounts/{accountId}": { label: "x" },
  "PUT /exchange-accounts/{accountId}/key": someKey,
  "POST /users/me/passkeys": {
    name: "x",
    credential: {
      id: "x",
      response: { clientDataJSON: "x", attestationObject: "x" },
    },
  },
  "PATCH /users/me/passkeys/{passkeyId}": { name: "x" },
};
