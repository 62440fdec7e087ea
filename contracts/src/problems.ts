import { z } from "zod";

/** RFC 9457 problem document; `code` is stable and explained in docs/errors.md. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string(),
    requestId: z.string().optional(),
    /** Which part of the input was wrong: a path such as `parameters.fast` or `line 12`. */
    errors: z.array(z.object({ where: z.string(), message: z.string() })).optional(),
    /** Seconds after which trying again makes sense. */
    retryAfter: z.number().optional(),
  })
  .meta({ id: "Problem" });
export type Problem = z.infer<typeof problem>;

type ProblemKind = Readonly<{ status: number; title: string; help: string }>;

/** Every problem the platform answers with. docs/errors.md is generated from this table. */
export const problemKinds = {
  "validation-failed": {
    status: 400,
    title: "The request is not valid",
    help: "Each entry of `errors` names a field and what it must be.",
  },
  "malformed-body": {
    status: 400,
    title: "The body cannot be read",
    help: "Send JSON (or multipart where a file is asked for) with a matching Content-Type.",
  },
  "not-signed-in": {
    status: 401,
    title: "Not signed in",
    help: "Send a valid access token, or sign in again.",
  },
  "wrong-credentials": {
    status: 401,
    title: "Name or password is wrong",
    help: "Check both; after five failures each further try waits longer.",
  },
  "second-factor-required": {
    status: 401,
    title: "A code is needed too",
    help: "Send the same request with `code`: six digits of the authenticator app, or a recovery code.",
  },
  "wrong-code": {
    status: 401,
    title: "The code is wrong",
    help: "A code works once, for half a minute. Check the clock of the phone, wait for the next code, or use a recovery code.",
  },
  "passkey-refused": {
    status: 401,
    title: "The passkey was not accepted",
    help: "Try again within five minutes of starting, on the address of the site that the passkey was made for; or sign in another way.",
  },
  "confirmation-needed": {
    status: 403,
    title: "Confirm that it is you",
    help: "Send password and code to POST /api/v1/users/me/confirmation, then repeat the request within ten minutes.",
  },
  "password-refused": {
    status: 422,
    title: "The password is easy to guess",
    help: "Take one that is on no list of common passwords and not made of your name: a few words that do not belong together.",
  },
  "link-not-valid": {
    status: 401,
    title: "The link is not valid any more",
    help: "Links work once, for a short time. Ask for a new one; for signing in, `npm run -s trading -- links` prints one.",
  },
  forbidden: {
    status: 403,
    title: "Not allowed",
    help: "Your role, or the token, does not include this action.",
  },
  "browser-needed": {
    status: 403,
    title: "Only the browser that is signed in may do this",
    help: "Send the refresh cookie of the session that asks along. Where the browser has it no more, sign in again.",
  },
  "agreement-needed": {
    status: 409,
    title: "Texts to agree to",
    help: "Read the texts of GET /api/v1/legal and name each in its newest version in `agreesTo`; one may have changed meanwhile.",
  },
  "country-needed": {
    status: 403,
    title: "Your country is not known",
    help: "Say in which country you live: `country` at registration, PUT /api/v1/users/me/country for an account that is there.",
  },
  "country-blocked": {
    status: 403,
    title: "Not offered in your country",
    help: "The operator does not offer the site where you say to live. An account that is there can be read, exported and closed.",
  },
  "insecure-connection": {
    status: 403,
    title: "Signing in needs HTTPS",
    help: "Over plain HTTP only localhost may sign in. Use HTTPS, or a tunnel such as `ssh -L 8000:localhost:8000 host`. Behind a proxy that ends HTTPS on another machine, name it in TRUSTED_PROXIES.",
  },
  "foreign-host": {
    status: 421,
    title: "Unknown host name",
    help: "The Host header is not on the allow-list. Add it to ALLOWED_HOSTS or FRONTEND_URL.",
  },
  "foreign-origin": {
    status: 403,
    title: "Request from a foreign page",
    help: "The request came from a page of another origin. Add the origin to ALLOWED_ORIGINS if it is yours.",
  },
  "not-found": {
    status: 404,
    title: "Not found",
    help: "It does not exist, or it belongs to somebody else.",
  },
  "method-not-allowed": {
    status: 405,
    title: "Method not allowed",
    help: "The `Allow` header lists the methods of this path.",
  },
  "name-taken": {
    status: 409,
    title: "Already taken",
    help: "Choose another name.",
  },
  conflict: {
    status: 409,
    title: "The state has changed meanwhile",
    help: "Load it again and repeat the action if it still makes sense.",
  },
  "too-large": {
    status: 413,
    title: "Too large",
    help: "Split the file or the request; the limit is in the message.",
  },
  "quota-exceeded": {
    status: 409,
    title: "Quota exceeded",
    help: "Delete what you no longer need, or ask the operator for a higher limit.",
  },
  "unsupported-media": {
    status: 415,
    title: "Unsupported content type",
    help: "Use one of the content types the operation lists.",
  },
  "file-refused": {
    status: 422,
    title: "The file cannot be imported",
    help: "Nothing was stored. The sentence says why; where lines are to blame, `errors` lists them.",
  },
  "picture-refused": {
    status: 422,
    title: "The picture cannot be used",
    help: "Send a whole PNG of at most 64 kB and 512 × 512.",
  },
  "bad-lines": {
    status: 422,
    title: "Some lines are no candles",
    help: "Nothing was stored. `errors` lists lines; mend them, or import again without the bad lines.",
  },
  "unknown-market": {
    status: 422,
    title: "Unknown market",
    help: "Choose a market from the list of the exchange.",
  },
  "no-candles": {
    status: 422,
    title: "No candles for this range",
    help: "Download or import candles first, or choose another range.",
  },
  "exchange-unavailable": {
    status: 502,
    title: "The exchange did not answer",
    help: "Try again later; the message holds what the exchange said.",
  },
  "exchange-rate-limited": {
    status: 503,
    title: "The exchange is asked too often",
    help: "Nothing was stored. Wait for `retryAfter` seconds; the exchange counts all requests of this server together.",
  },
  "exchange-clock": {
    status: 503,
    title: "The server's clock is wrong",
    help: "The exchange refuses requests whose time differs from its own. The operator sets the server's clock by NTP; the key is not to blame.",
  },
  "key-refused": {
    status: 422,
    title: "The exchange does not accept the key",
    help: "Nothing was stored. Copy the key once more, see that it still exists at the exchange, that it may read, and that it allows this server's addresses if it allows some only.",
  },
  "key-secret-wrong": {
    status: 422,
    title: "The secret does not belong to the key",
    help: "Nothing was stored. Copy the secret once more; exchanges show it one time only, so make a new key if it is gone.",
  },
  "key-expired": {
    status: 422,
    title: "The key has expired",
    help: "Nothing was stored. Make a new key at the exchange; at Binance keys that are restricted to addresses do not expire.",
  },
  "key-can-withdraw": {
    status: 422,
    title: "The key may withdraw money",
    help: "Nothing was stored. Take the permission to withdraw away from the key at the exchange, or make a key without it. No key that can send money away is kept here.",
  },
  "key-needed": {
    status: 409,
    title: "The account needs a new key",
    help: "Its key was destroyed here. Delete it at the exchange, make a new one there, and enter that.",
  },
  "unknown-strategy": {
    status: 422,
    title: "Unknown strategy",
    help: "Choose one of the listed strategies.",
  },
  "strategy-refused": {
    status: 422,
    title: "The strategy cannot be used",
    help: "The message names file, line and what to change.",
  },
  "parameters-refused": {
    status: 422,
    title: "Parameters are out of range",
    help: "Each entry of `errors` names a parameter and its range.",
  },
  "strategy-failed": {
    status: 422,
    title: "The strategy failed while it ran",
    help: "The message holds the strategy's own error and the candle.",
  },
  "strategy-too-slow": {
    status: 422,
    title: "The strategy took too long",
    help: "It was stopped. Look for a loop without end.",
  },
  "strategy-out-of-memory": {
    status: 422,
    title: "The strategy used too much memory",
    help: "It was stopped. Keep less state, or run over fewer candles.",
  },
  "site-halted": {
    status: 503,
    title: "Nothing new begins at present",
    help: "The operator has stopped new work for a while. What is there can be read; try again later.",
  },
  "rate-limited": {
    status: 429,
    title: "Too many requests",
    help: "Wait for `retryAfter` seconds.",
  },
  "internal-error": {
    status: 500,
    title: "Something went wrong on our side",
    help: "Try again; tell the operator the request id if it stays.",
  },
  "not-ready": {
    status: 503,
    title: "Not ready",
    help: "A part the platform needs is not reachable; /api/v1/ready names it.",
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problemKinds;
