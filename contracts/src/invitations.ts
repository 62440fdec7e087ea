import { z } from "zod";
import { emailAddress, id, instant } from "./common.ts";

export const invitationStates = ["open", "used", "withdrawn", "ended"] as const;

/** Somebody may make an account once. Its link is shown when it is made and never again. */
export const invitation = z
  .object({
    id,
    /** Where it was sent; null for one that was handed over otherwise. */
    email: z.string().nullable(),
    state: z.enum(invitationStates),
    madeBy: z.string().nullable().describe("name of the operator"),
    usedBy: z.string().nullable().describe("name of the account that was made by it"),
    createdAt: instant,
    expiresAt: instant,
  })
  .meta({ id: "Invitation" });
export type Invitation = z.infer<typeof invitation>;
export const invitationList = z
  .object({ items: z.array(invitation) })
  .meta({ id: "InvitationList" });

export const invitationRequest = z
  .object({
    email: emailAddress.optional().describe("sent there by mail"),
    days: z.number().int().min(1).max(30).default(7).describe("how long the link works"),
  })
  .strict()
  .meta({ id: "InvitationRequest" });
export const madeInvitation = z
  .object({ invitation, link: z.url().describe("shown this one time") })
  .meta({ id: "MadeInvitation" });

export const invitationQuestion = z
  .object({ token: z.string().min(20).max(200) })
  .strict()
  .meta({ id: "InvitationQuestion" });
export const openInvitation = z
  .object({ email: z.string().nullable(), expiresAt: instant })
  .meta({ id: "OpenInvitation" });
