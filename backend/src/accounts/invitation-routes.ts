import {
  invitationList,
  invitationQuestion,
  invitationRequest,
  madeInvitation,
  openInvitation,
} from "@trading/contracts/invitations";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Confirmations } from "./confirmations.ts";
import type { Invitations } from "./invitations.ts";
import { actorOf } from "./operate.ts";
import { limited } from "./routes.ts";

type Needs = Readonly<{
  invitations: Invitations;
  confirmations: Confirmations;
  frontendUrl: string;
}>;

const path = z.object({ invitationId: z.uuid() });

/** /api/v1/admin/invitations: operators let people in; /api/v1/auth/invitation: what a link says to who opens it. */
export function invitationRoutes(needs: Needs): FastifyPluginAsyncZod {
  const { invitations, confirmations, frontendUrl } = needs;
  return async (app) => {
    const make = {
      summary: "Invite somebody; the link is shown this one time",
      body: invitationRequest,
      response: { 201: madeInvitation },
    };
    app.post("/admin/invitations", { schema: make }, async (request, reply) => {
      await confirmations.require(request);
      const { id, token } = await invitations.make(actorOf(request), request.body);
      const invitation = await invitations.get(id);
      return reply.code(201).send({ invitation, link: `${frontendUrl}/#/invite/${token}` });
    });

    const list = { summary: "The newest invitations", response: { 200: invitationList } };
    app.get("/admin/invitations", { schema: list }, async () => ({
      items: await invitations.list(),
    }));

    const withdraw = {
      summary: "End an invitation that nobody has used",
      params: path,
      response: { 204: z.null() },
    };
    app.delete("/admin/invitations/:invitationId", { schema: withdraw }, async (request, reply) => {
      await confirmations.require(request);
      await invitations.withdraw(actorOf(request), request.params.invitationId);
      return reply.code(204).send(null);
    });

    const question = {
      summary: "Whether an invitation is open, and for which address",
      body: invitationQuestion,
      response: { 200: openInvitation },
    };
    app.post("/auth/invitation", { schema: question, config: limited }, async (request) => {
      const { email, expiresAt } = await invitations.open(request.body.token);
      return { email, expiresAt: expiresAt.toISOString() };
    });
  };
}
