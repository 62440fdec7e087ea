import {
  accessToken,
  linkRequest,
  loginRequest,
  me,
  registerRequest,
  settingsPatch,
} from "@trading/contracts/accounts";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { isPrivateConnection } from "../platform/edge.ts";
import { PlatformError } from "../platform/errors.ts";
import type { Accounts, SignedIn } from "./accounts.ts";
import { type Origin, sessionSeconds } from "./sessions.ts";

type Needs = Readonly<{ accounts: Accounts }>;

const cookieName = "__Host-refresh";
const cookieOptions = { path: "/", secure: true, httpOnly: true, sameSite: "strict" } as const;

/** Passwords and cookies are worth guessing: fewer requests than elsewhere, on top of the throttle. */
const limited = { rateLimit: { max: 300, timeWindow: "1 minute" } };

/** /api/v1/auth and /api/v1/users: getting in, staying in, getting out, and who one is. */
export function accountRoutes({ accounts }: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    const open = { access: "public", ...limited } as const;
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
      const { identifier, password } = request.body;
      return answer(reply, await accounts.signIn(identifier, password, originOf(request)));
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

    const refresh = {
      summary: "A new access token for the cookie's session; 204 when the browser has none",
      response: { 200: accessToken, 204: z.null() },
    };
    app.post("/auth/refresh", { schema: refresh, config: byCookie }, async (request, reply) => {
      const token = request.cookies[cookieName];
      if (token === undefined) return reply.code(204).send(null);
      requirePrivacy(request);
      return answer(reply, await accounts.refresh(token));
    });

    const logout = { summary: "End the cookie's session", response: { 204: z.null() } };
    app.post("/auth/logout", { schema: logout, config: byCookie }, async (request, reply) => {
      const token = request.cookies[cookieName];
      if (token !== undefined) await accounts.signOut(token);
      return reply.clearCookie(cookieName, cookieOptions).code(204).send(null);
    });

    const whoAmI = { summary: "Who is signed in", response: { 200: me } };
    app.get("/users/me", { schema: whoAmI }, (request) => accounts.getMe(request.user.id));

    const settings = {
      summary: "Change what is named, keep the rest",
      body: settingsPatch,
      response: { 200: me },
    };
    app.patch("/users/me/settings", { schema: settings }, (request) =>
      accounts.changeSettings(request.user.id, request.body),
    );
  };
}

function answer(reply: FastifyReply, { accessToken, expiresIn, refreshToken }: SignedIn) {
  reply.setCookie(cookieName, refreshToken, { ...cookieOptions, maxAge: sessionSeconds });
  return reply.send({ accessToken, tokenType: "Bearer", expiresIn });
}

/** Over plain HTTP anybody on the way could read the password, and browsers would not keep the cookie. */
function requirePrivacy(request: FastifyRequest): void {
  if (isPrivateConnection(request)) return;
  throw new PlatformError(
    "insecure-connection",
    "Signing in over plain HTTP is only possible on localhost: use HTTPS or a tunnel.",
  );
}

const originOf = (request: FastifyRequest): Origin => ({
  address: request.ip,
  device: request.headers["user-agent"] ?? "unknown",
});
