import { z } from "zod";
import { id, instant, pageOf, pageQuery } from "./common.ts";

/** What shows nothing, wherever it stands, and what turns the text after it around. */
const unseen = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** Why an operator does it; the audit log keeps it. */
export const reason = z
  .string()
  .max(300)
  .regex(/\S[\s\S]+\S/, "say why in a few words")
  .trim()
  .refine((text) => text.replace(unseen, "").trim().length > 2, "say why in words that are seen")
  .refine((text) => !turning.test(text), "must not turn text around");

export const auditActions = [
  "admin-made",
  "all-sessions-ended",
  "announced",
  "announcement-ended",
  "backtest-repeated",
  "backtest-stopped",
  "country-asked",
  "country-said",
  "factors-removed",
  "impersonation-begun",
  "invitation-withdrawn",
  "job-retried",
  "key-rotation-begun",
  "keys-destroyed",
  "keys-rotated",
  "legal-text-published",
  "list-saved",
  "logo-changed",
  "mail-resent",
  "mail-tested",
  "role-changed",
  "series-deleted",
  "sessions-ended",
  "settings-changed",
  "site-halted",
  "site-resumed",
  "user-invited",
  "user-opened",
  "user-suspended",
  "user-unsuspended",
  "user-verified",
] as const;
export const auditAction = z.enum(auditActions);
export type AuditAction = z.infer<typeof auditAction>;
export const auditFilter = z.object({
  search: z.string().max(100).default(""),
  action: auditAction.optional(),
  actorId: id.optional(),
  targetId: z.string().max(100).optional(),
  from: instant.optional(),
  to: instant.optional(),
});
export const auditQuery = pageQuery.extend(auditFilter.shape);
export const auditEntry = z
  .object({
    id,
    /** From 1 on, without a gap. */
    position: z.number().int(),
    /** SHA-256 over this line and the hash of the one before. */
    hash: z.string(),
    at: instant,
    /** Null: it was done on the machine itself. */
    actorId: id.nullable(),
    actorName: z.string(),
    action: auditAction,
    target: z.string(),
    targetId: z.string().nullable(),
    before: z.unknown(),
    after: z.unknown(),
    address: z.string(),
    reason: z.string(),
  })
  .meta({ id: "AuditEntry" });
export type AuditEntry = z.infer<typeof auditEntry>;
export const auditPage = pageOf(auditEntry).meta({ id: "AuditPage" });
