import { announcementRequest, checklist, haltChange, overview } from "@trading/contracts/admin";
import { auditFilter, auditPage, auditQuery } from "@trading/contracts/audit";
import { legalKind, legalPublication } from "@trading/contracts/notices";
import {
  logoChange,
  siteSettingsChange,
  siteSettingsHistory,
  siteSettingsView,
} from "@trading/contracts/site-settings";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { AuditLog } from "../accounts/audit.ts";
import { actorOf } from "../accounts/operate.ts";
import type { Sql } from "../platform/postgres.ts";
import { auditCsv } from "./audit-csv.ts";
import type { Logos } from "./logo.ts";
import type { Notices } from "./notices.ts";
import { readOverview } from "./overview.ts";
import { recordSaved } from "./recorded-reads.ts";
import type { Setup } from "./setup.ts";
import type { Site } from "./site.ts";

type Needs = Readonly<{
  sql: Sql;
  audit: AuditLog;
  site: Site;
  notices: Notices;
  setup: Setup;
  logos: Logos;
}>;

const announcementPath = z.object({ announcementId: z.uuid() });
const legalPath = z.object({ kind: legalKind });
const done = { 204: z.null() };

/** /api/v1/admin: the site itself, and what operators did to it. */
export function siteRoutes({
  sql,
  audit,
  site,
  notices,
  setup,
  logos,
}: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    const figures = { summary: "How the site is doing", response: { 200: overview } };
    app.get("/overview", { schema: figures }, async () => readOverview(sql, await site.isHalted()));

    const list = { summary: "What is set up and what is not", response: { 200: checklist } };
    app.get("/checklist", { schema: list }, async ({ user }) => ({
      items: await setup.checklist(user.id),
    }));

    const log = {
      summary: "What operators did, the newest first",
      querystring: auditQuery,
      response: { 200: auditPage },
    };
    app.get("/audit", { schema: log }, ({ query }) =>
      audit.list(query, query.page, query.pageSize),
    );

    const file = {
      summary: "The same as CSV",
      querystring: auditFilter,
      produces: ["text/csv"],
      response: { 200: z.string() },
    };
    app.get("/audit.csv", { schema: file }, async (request, reply) => {
      const lines = auditCsv(await audit.all(request.query));
      await recordSaved(sql, actorOf(request), "audit log", request.query);
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", 'attachment; filename="audit-log.csv"')
        .send(lines);
    });

    const settings = { summary: "Settings of the site", response: { 200: siteSettingsView } };
    app.get("/settings", { schema: settings }, () => site.settings());

    const change = {
      summary: "Change what is named, from the version that was read",
      body: siteSettingsChange,
      response: { 200: siteSettingsView },
    };
    app.patch("/settings", { schema: change }, (request) =>
      site.change(actorOf(request), request.body),
    );

    const history = {
      summary: "Every version of the settings, the newest first",
      response: { 200: siteSettingsHistory },
    };
    app.get("/settings/history", { schema: history }, () => site.history());

    const halt = {
      summary: "Stop all new work at once, or let it begin again",
      body: haltChange,
      response: { 200: siteSettingsView },
    };
    app.put("/halt", { schema: halt }, (request) =>
      site.halt(actorOf(request), request.body.isHalted, request.body.reason),
    );

    const logo = {
      summary: "Give the site a logo, or take it away",
      body: logoChange,
      response: done,
    };
    app.put("/logo", { schema: logo }, async (request, reply) => {
      await logos.change(actorOf(request), request.body.image, request.body.reason);
      return reply.code(204).send(null);
    });

    const announce = {
      summary: "Tell something to everybody who is signed in",
      body: announcementRequest,
      response: { 201: z.null() },
    };
    app.post("/announcements", { schema: announce }, async (request, reply) => {
      await notices.announce(actorOf(request), request.body);
      return reply.code(201).send(null);
    });

    const end = { summary: "End an announcement", params: announcementPath, response: done };
    app.delete("/announcements/:announcementId", { schema: end }, async (request, reply) => {
      await notices.endAnnouncement(actorOf(request), request.params.announcementId);
      return reply.code(204).send(null);
    });

    const publish = {
      summary: "Publish a text that people agree to, as its next version",
      params: legalPath,
      body: legalPublication,
      response: { 201: z.null() },
    };
    app.post("/legal/:kind", { schema: publish }, async (request, reply) => {
      const { text, reason } = request.body;
      await notices.publishLegal(actorOf(request), request.params.kind, text, reason);
      return reply.code(201).send(null);
    });
  };
}
