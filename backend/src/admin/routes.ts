import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Confirmations } from "../accounts/confirmations.ts";
import { changes } from "../platform/authentication.ts";
import { keyRoutes } from "./key-routes.ts";
import { peopleRoutes } from "./people-routes.ts";
import { siteRoutes } from "./site-routes.ts";
import { workRoutes } from "./work-routes.ts";

type Needs = Parameters<typeof peopleRoutes>[0] &
  Parameters<typeof keyRoutes>[0] &
  Parameters<typeof workRoutes>[0] &
  Parameters<typeof siteRoutes>[0] &
  Readonly<{ confirmations: Confirmations }>;

/** /api/v1/admin: the operator's area. Whatever changes something wants password or code to have been shown lately. */
export function adminRoutes(needs: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook("preValidation", async (request) => {
      if (changes(request)) await needs.confirmations.require(request);
    });
    await app.register(peopleRoutes(needs));
    await app.register(workRoutes(needs));
    await app.register(keyRoutes(needs));
    await app.register(siteRoutes(needs));
  };
}
