import { existsSync } from "node:fs";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";

/**
 * Serves the built pages. Files whose name holds a hash of their content never change; everything else, `js/config.js`
 * first of all, is asked for again each time. Without a build there are no pages, only the API.
 */
export async function registerPages(app: FastifyInstance, folder: string): Promise<void> {
  if (!existsSync(folder)) {
    app.log.info("frontend/dist is not there: only the API is served");
    return;
  }
  await app.register(fastifyStatic, {
    root: folder,
    wildcard: true,
    redirect: true,
    cacheControl: false,
    setHeaders(reply, path) {
      const isHashed = /[/\\]assets[/\\][^/\\]+-[\w-]{8,}\.\w+$/.test(path);
      reply.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
}
