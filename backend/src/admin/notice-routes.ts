import {
  announcementList,
  legalAcceptance,
  legalKind,
  legalList,
  legalText,
  ownLegalList,
  setupRequest,
} from "@trading/contracts/notices";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Confirmations } from "../accounts/confirmations.ts";
import { limited, requirePrivacy } from "../accounts/routes.ts";
import { NotFound } from "../platform/errors.ts";
import type { Logos } from "./logo.ts";
import type { Notices } from "./notices.ts";
import type { Setup } from "./setup.ts";

type Needs = Readonly<{
  notices: Notices;
  setup: Setup;
  logos: Logos;
  confirmations: Pick<Confirmations, "requireBrowser">;
}>;

/** /api/v1: what operators tell everybody, and the link that makes the first of them. */
export function noticeRoutes(needs: Needs): FastifyPluginAsyncZod {
  const { notices, setup, logos, confirmations } = needs;
  return async (app) => {
    const announced = { summary: "What is announced now", response: { 200: announcementList } };
    app.get("/announcements", { schema: announced }, async () => ({
      items: await notices.announcements(),
    }));

    const texts = { summary: "Texts that people agree to", response: { 200: legalList } };
    app.get("/legal", { schema: texts }, async () => ({ items: await notices.legalTexts() }));

    const text = {
      summary: "The newest version of one text",
      params: z.object({ kind: legalKind }),
      response: { 200: legalText },
    };
    app.get("/legal/:kind", { schema: text }, (request) => notices.legalText(request.params.kind));

    const logo = {
      summary: "The logo of the site",
      produces: ["image/png"],
      response: { 200: z.custom<Buffer>() },
    };
    app.get("/site/logo", { schema: logo }, async (_request, reply) => {
      const png = await logos.find();
      if (png === null) throw new NotFound("logo", "site");
      // Pages of allowed origins show it too; a version in its address makes it safe to keep for a while.
      reply.header("cross-origin-resource-policy", "cross-origin");
      reply.header("content-security-policy", "default-src 'none'; sandbox");
      reply.header("cache-control", "public, max-age=3600");
      return reply.type("image/png").send(png);
    });

    const own = { summary: "What one has agreed to", response: { 200: ownLegalList } };
    app.get("/users/me/legal", { schema: own }, async ({ user }) => ({
      items: await notices.ownLegal(user.id),
    }));

    const accept = {
      summary: "Agree to the newest version of a text",
      body: legalAcceptance,
      response: { 204: z.null() },
    };
    app.post("/users/me/legal", { schema: accept }, async (request, reply) => {
      // It is kept for good, with the address it came from.
      await confirmations.requireBrowser(request);
      const { kind, version } = request.body;
      await notices.acceptLegal(request.user.id, kind, version, request.ip);
      return reply.code(204).send(null);
    });

    const first = {
      summary: "Make the first operator, by the link in the log",
      body: setupRequest,
      response: { 201: z.null() },
    };
    app.post("/setup", { schema: first, config: limited }, async (request, reply) => {
      requirePrivacy(request);
      await setup.makeFirstAdmin(request.body, request.ip);
      return reply.code(201).send(null);
    });
  };
}
