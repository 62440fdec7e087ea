import {
  strategyList,
  strategyScript,
  strategySource,
  strategyVersion,
  strategyView,
} from "@trading/contracts/strategies";
import { engineVersion } from "@trading/engine";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { NotFound } from "../platform/errors.ts";
import type { StrategyStore } from "./store.ts";

type Needs = Readonly<{ strategies: StrategyStore }>;

const named = z.object({ name: z.string().max(80) });
const versioned = named.extend({ version: z.string().max(80) });
const tags = ["strategies"];

/** /api/v1/strategies: what can be run, and the frozen code of every version. No strategy code runs here. */
export function strategyRoutes({ strategies }: Needs): FastifyPluginAsyncZod {
  const getVersion = async ({ name, version }: z.infer<typeof versioned>) => {
    const found = await strategies.findVersion(name, version);
    if (found === null) throw new NotFound("strategy version", version);
    return found;
  };

  return async (app) => {
    app.get(
      "/",
      { schema: { tags, summary: "List strategies", response: { 200: strategyList } } },
      async () => {
        const { items, refused } = await strategies.list();
        return { items: [...items], refused: [...refused] };
      },
    );

    app.get(
      "/:name",
      {
        schema: {
          tags,
          summary: "Read a strategy",
          params: named,
          response: { 200: strategyView },
        },
      },
      async (request) => {
        const found = await strategies.findByName(request.params.name);
        if (found === null) throw new NotFound("strategy", request.params.name);
        return found;
      },
    );

    app.get(
      "/:name/versions/:version",
      {
        schema: {
          tags,
          summary: "Read what a version says of itself, such as its parameters",
          params: versioned,
          response: { 200: strategyVersion },
        },
      },
      async (request) => {
        const { version, manifest, createdAt } = await getVersion(request.params);
        return { ...manifest, version, versionAt: createdAt.toISOString() };
      },
    );

    app.get(
      "/:name/versions/:version/script",
      {
        schema: {
          tags,
          summary: "Read the script of a version, to run it in the browser",
          params: versioned,
          response: { 200: strategyScript },
        },
      },
      async (request) => {
        const { name, version, code } = await getVersion(request.params);
        return { name, version, engineVersion, code };
      },
    );

    app.get(
      "/:name/versions/:version/source",
      {
        schema: {
          tags,
          summary: "Read what the author of a version wrote",
          params: versioned,
          response: { 200: strategySource },
        },
      },
      async (request) => {
        const { name, version, source } = await getVersion(request.params);
        return { name, version, source };
      },
    );
  };
}
