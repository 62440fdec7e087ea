import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import swagger from "@fastify/swagger";
import { problem, problemKinds } from "@trading/contracts/problems";
import type { FastifyInstance, FastifyReply } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { z } from "zod";
import { type PermissionTable, permissionOfRoute, publicPermission } from "./authentication.ts";
import { escapeHtml } from "./escape-html.ts";

type Settings = Readonly<{
  siteName(): Promise<string>;
  version: string;
  permissions: PermissionTable;
}>;

declare module "fastify" {
  interface FastifyContextConfig {
    /** What a form holds that is read as it arrives: for the document only. */
    form?: z.ZodType;
  }
}

/** The OpenAPI document, made from the schemas of the routes, and the pages that show it and explain the errors. */
export async function registerOpenApi(app: FastifyInstance, settings: Settings): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "API", // The site's name is put before it when the document is asked for.
        version: settings.version,
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: "/" }],
      components: {
        securitySchemes: {
          bearer: {
            type: "http",
            scheme: "bearer",
            description:
              "An access token (JWT, ten minutes) or an API token (`tp_…`). An API token with scope `read` holds the permission `read`, with `trade` also `write`, with `admin` what its owner's role adds; `security` is never a program's. What wants a confirmation (`confirmation-needed`) wants the refresh cookie of the session besides (`browser-needed`): a token alone does not do it.",
          },
        },
      },
      security: [{ bearer: [] }],
    },
    transform: describeOperation(settings.permissions),
    transformObject: jsonSchemaTransformObject,
  });
  app.register(documentRoutes(settings), { prefix: "/api/v1" });
}

/** What holds for every operation and is not written in each: tag, problems, who may call it. */
const describeOperation =
  (permissions: PermissionTable): typeof jsonSchemaTransform =>
  (input) => {
    const { schema, url, route } = input;
    const isHidden = !url.startsWith("/api/v1/") || schema?.hide === true;
    const response = (schema?.response ?? { 200: z.unknown() }) as Record<string, unknown>;
    const permission = permissionOfRoute(permissions, route.method, url);
    const form = route.config?.form;
    const described = {
      ...schema,
      hide: isHidden,
      tags: [url.split("/")[3] ?? "system"],
      "x-permission": permission,
      ...(permission === publicPermission ? { security: [] } : {}),
      // A form is read as it arrives, so its schema is for readers only.
      ...(form === undefined ? {} : { body: form }),
      response: {
        ...response,
        default: {
          description: "A problem; `code` is explained at /api/v1/docs/errors.",
          content: { "application/problem+json": { schema: problem } },
        },
      },
    };
    return jsonSchemaTransform({ ...input, schema: described } as Parameters<
      typeof jsonSchemaTransform
    >[0]);
  };

const assets = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
const files: Readonly<Record<string, string>> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
};

function documentRoutes({ siteName, version }: Settings) {
  return async (app: FastifyInstance): Promise<void> => {
    const hidden = { schema: { hide: true } } as const;
    const page = (reply: FastifyReply, html: string) =>
      reply.type("text/html; charset=utf-8").send(html);

    app.get("/openapi.json", hidden, async (_request, reply) => {
      reply.header("cache-control", "no-cache");
      const document = app.swagger();
      const title = `${await siteName()} API`;
      return reply.send({ ...document, info: { ...document.info, title } });
    });
    app.get("/docs", hidden, async (_request, reply) =>
      page(reply, referencePage(await siteName())),
    );
    app.get("/docs/start.js", hidden, async (_request, reply) =>
      reply.type("text/javascript; charset=utf-8").send(startScript),
    );
    app.get("/docs/errors", hidden, async (_request, reply) =>
      page(reply, errorsPage(await siteName())),
    );
    app.get("/docs/icon.png", hidden, async (_request, reply) =>
      reply.type("image/png").send(await readFile(join(assets, "favicon-32x32.png"))),
    );
    for (const [name, type] of Object.entries(files)) {
      app.get(`/docs/${version}/${name}`, hidden, async (_request, reply) =>
        reply
          .type(type)
          .header("cache-control", "public, max-age=31536000, immutable")
          .send(await readFile(join(assets, name))),
      );
    }

    function referencePage(name: string): string {
      return document(
        `${name} API`,
        `
<link rel="stylesheet" href="/api/v1/docs/${version}/swagger-ui.css">
<script src="/api/v1/docs/${version}/swagger-ui-bundle.js" defer></script>
<script src="/api/v1/docs/start.js" defer></script>`,
        `<div id="reference"></div>`,
      );
    }
  };
}

/** Its own file, because pages here run no inline script. */
const startScript = `SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  validatorUrl: null,
  tryItOutEnabled: false,
});
`;

function errorsPage(siteName: string): string {
  const rows = Object.entries(problemKinds).map(
    ([code, { status, title, help }]) =>
      `<section id="${code}"><h2><code>${code}</code> ${status}</h2><p><b>${escapeHtml(title)}.</b> ${escapeHtml(help)}</p></section>`,
  );
  return document(
    `Errors of the ${siteName} API`,
    `<style>body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}:target{outline:2px solid}h2{font-size:1rem}</style>`,
    `<h1>Errors</h1><p>Every error is a problem document (RFC 9457). Its <code>code</code> is stable.</p>${rows.join("\n")}`,
  );
}

const document = (title: string, head: string, body: string): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" type="image/png" href="/api/v1/docs/icon.png">${head}
</head>
<body>${body}</body>
</html>
`;
