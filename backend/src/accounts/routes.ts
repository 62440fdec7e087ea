import type { CookieSerializeOptions } from "@fastify/cookie";
import {
  accessToken,
  linkRequest,
  loginRequest,
  me,
  registerRequest,
  settingsPatch,
} from "@trading/contracts/accounts";
import { forgotRequest, proveRequest, resetRequest } from "@trading/contracts/security";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { isFromForeignPage, isPrivateConnection } from "../platform/edge.ts";
import { PlatformError } from "../platform/errors.ts";
import type { Accounts, SignedIn } from "./accounts.ts";
import type { Addresses } from "./addresses.ts";
import { deviceSeconds } from "./known-devices.ts";
import type { PasswordChanges } from "./password-changes.ts";
import { type Origin, sessionSeconds } from "./sessions.ts";

type Needs = Readonly<{
  accounts: Accounts;
  passwordChanges: PasswordChanges;
  addresses: Addresses;
}>;

type Cookie = Readonly<{ name: string; options: CookieSerializeOptions }>;
const anyCookie = { path: "/", secure: true, httpOnly: true } as const;
const ownCookie: Cookie = {
  name: "__Host-refresh",
  options: { ...anyCookie, sameSite: "strict" },
};
/** For pages of ALLOWED_ORIGINS: kept apart for each site that shows them, and taken from those origins only. */
const foreignCookie: Cookie = {
  name: "__Host-refresh-foreign",
  options: { ...anyCookie, sameSite: "none", partitioned: true },
};

/** By which a browser is known again; it opens nothing by itself. */
const deviceCookieFor = (request: FastifyRequest): Cookie => {
  const { name, options } = cookieFor(request);
  return { name: name.replace("refresh", "device"), options };
};

/** Passwords and cookies are worth guessing: fewer requests than elsewhere, on top of the throttle. */
export const limited = { rateLimit: { max: 300, timeWindow: "1 minute" } };

/** /api/v1/auth and /api/v1/users: getting in, staying in, getting out, and who one is. */
export function accountRoutes({
  accounts,
  passwordChanges,
  addresses,
}: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    const open = limited;
    const byCookie = { ...open, cookie: true } as const;

    const register = {
      summary: "Make an account",
      body: registerRequest,
      response: { 201: accessToken },
    };
    app.post("/auth/register", { schema: register, config: open }, async (request, reply) => {
      requirePrivacy(request);
      const signedIn = await accounts.register(request.body, originOf(request));
      return answer(reply.code(201), signedIn);
    });

    const login = {
      summary: "Sign in by name or e-mail address",
      body: loginRequest,
      response: { 200: accessToken },
    };
    app.post("/auth/login", { schema: login, config: open }, async (request, reply) => {
      requirePrivacy(request);
      return answer(reply, await accounts.signIn(request.body, originOf(request)));
    });

    const link = {
      summary: "Sign in by a one-time link",
      body: linkRequest,
      response: { 200: accessToken },
    };
    app.post("/auth/link", { schema: link, config: open }, async (request, reply) => {
      requirePrivacy(request);
      return answer(reply, await accounts.signInByLink(request.body.token, originOf(request)));
    });

    const forgot = {
      summary: "Ask for a link that sets a new password",
      body: forgotRequest,
      response: { 202: z.null() },
    };
    app.post("/auth/forgot", { schema: forgot, config: open }, async (request, reply) => {
      await passwordChanges.forget(request.body.identifier);
      return reply.code(202).send(null);
    });

    const reset = {
      summary: "Set a new password by a link; every session and API token of the account ends",
      body: resetRequest,
      response: { 204: z.null() },
    };
    app.post("/auth/reset", { schema: reset, config: open }, async (request, reply) => {
      requirePrivacy(request);
      const { token, password } = request.body;
      await passwordChanges.reset(token, password, originOf(request));
      return reply.code(204).send(null);
    });

    const prove = {
      summary: "Confirm an e-mail address by the link that was sent to it",
      body: proveRequest,
      response: { 204: z.null() },
    };
    app.post("/auth/prove-address", { schema: prove, config: open }, async (request, reply) => {
      await addresses.prove(request.body.token);
      return reply.code(204).send(null);
    });

    const refresh = {
      summary: "A new access token for the cookie's session; 204 when the browser has none",
      description:
        "The cookie turns over at each use. Pages of one browser ask one after the other (by a Web Lock, as ours do) and share the token: several that ask in overlapping bursts look like copies of the cookie, and the session ends.",
      response: { 200: accessToken, 204: z.null() },
    };
    app.post("/auth/refresh", { schema: refresh, config: byCookie }, async (request, reply) => {
      const token = request.cookies[cookieFor(request).name];
      if (token === undefined) return reply.code(204).send(null);
      requirePrivacy(request);
      return answer(reply, await accounts.refresh(token));
    });

    const logout = { summary: "End the cookie's session", response: { 204: z.null() } };
    app.post("/auth/logout", { schema: logout, config: byCookie }, async (request, reply) => {
      const { name, options } = cookieFor(request);
      const token = request.cookies[name];
      if (token !== undefined) await accounts.signOut(token);
      return reply.clearCookie(name, options).code(204).send(null);
    });

    const whoAmI = { summary: "Who is signed in", response: { 200: me } };
    app.get("/users/me", { schema: whoAmI }, ({ user }) => accounts.getMe(user));

    const settings = {
      summary: "Change what is named, keep the rest",
      body: settingsPatch,
      response: { 200: me },
    };
    app.patch("/users/me/settings", { schema: settings }, ({ user, body }) =>
      accounts.changeSettings(user, body),
    );
  };
}

/** The access token in the body, with what else is told, the others in their cookies. */
export function answer(reply: FastifyReply, signedIn: SignedIn, told: object = {}) {
  const { accessToken, expiresIn, refreshToken, deviceToken } = signedIn;
  const { name, options } = cookieFor(reply.request);
  reply.setCookie(name, refreshToken, { ...options, maxAge: sessionSeconds });
  if (deviceToken !== undefined) {
    const device = deviceCookieFor(reply.request);
    reply.setCookie(device.name, deviceToken, { ...device.options, maxAge: deviceSeconds });
  }
  return reply.send({ accessToken, tokenType: "Bearer", expiresIn, ...told });
}

/** What a page of another site may use is its own. */
const cookieFor = (request: FastifyRequest): Cookie =>
  isFromForeignPage(request) ? foreignCookie : ownCookie;

/** Over plain HTTP anybody on the way could read the password, and browsers would not keep the cookie. */
export function requirePrivacy(request: FastifyRequest): void {
  if (isPrivateConnection(request)) return;
  throw new PlatformError(
    "insecure-connection",
    "Signing in over plain HTTP is only possible on localhost: use HTTPS or a tunnel.",
  );
}

export const originOf = (request: FastifyRequest): Origin => ({
  address: request.ip,
  device: request.headers["user-agent"] ?? "unknown",
  deviceToken: request.cookies[deviceCookieFor(request).name],
  refreshToken: request.cookies[cookieFor(request).name],
});
