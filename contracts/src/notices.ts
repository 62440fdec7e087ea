import { z } from "zod";
import { reason } from "./audit.ts";
import { emailAddress, id, instant, textOf } from "./common.ts";

/** What the operator tells everybody who is signed in. */
export const announcement = z
  .object({
    id,
    text: z.string(),
    tone: z.enum(["info", "warning"]),
    createdAt: instant,
    endsAt: instant.nullable(),
  })
  .meta({ id: "Announcement" });
export type Announcement = z.infer<typeof announcement>;
export const announcementList = z
  .object({ items: z.array(announcement) })
  .meta({ id: "AnnouncementList" });

/** Texts that people agree to. */
export const legalKinds = ["terms", "privacy", "risk"] as const;
export const legalKind = z.enum(legalKinds);
export type LegalKind = z.infer<typeof legalKind>;
export const legalText = z
  .object({ kind: legalKind, version: z.number().int(), text: z.string(), publishedAt: instant })
  .meta({ id: "LegalText" });
export type LegalText = z.infer<typeof legalText>;
export const legalList = z.object({ items: z.array(legalText) }).meta({ id: "LegalList" });
/** Of each text the newest version, and when the user agreed to it; null: not yet. */
export const ownLegalList = z
  .object({
    items: z.array(
      z.object({ kind: legalKind, version: z.number().int(), acceptedAt: instant.nullable() }),
    ),
  })
  .meta({ id: "OwnLegalList" });
export const legalAcceptance = z
  .object({ kind: legalKind, version: z.number().int() })
  .strict()
  .meta({ id: "LegalAcceptance" });
export type LegalAcceptance = z.infer<typeof legalAcceptance>;
export const legalPublication = z
  .object({
    text: textOf(20, 200_000),
    reason,
  })
  .strict()
  .meta({ id: "LegalPublication" });

/** The first operator makes their account by the link in the log. */
export const setupRequest = z
  .object({
    token: z.string().min(20).max(200),
    name: z
      .string()
      .trim()
      .min(3)
      .max(40)
      .regex(/^[A-Za-z0-9._-]+$/, "letters A to Z, digits, dot, underscore and hyphen only"),
    email: emailAddress,
    password: z.string().min(12, "at least 12 characters").max(256),
  })
  .strict()
  .meta({ id: "SetupRequest" });
