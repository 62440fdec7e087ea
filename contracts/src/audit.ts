import { z } from "zod";
import { id, instant, pageOf, pageQuery, textOf } from "./common.ts";

/** What shows nothing, steers a screen, or turns what is read after it around; the last ones as they are, for readers of the pattern. */
const unseen = [
  String.raw`\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f`,
  String.raw`\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e`,
  String.raw`\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff`,
  String.fromCodePoint(0x1bca0, 0x2d, 0x1bca3, 0x1d173, 0x2d, 0x1d17a, 0xe0000, 0x2d, 0xe0fff),
].join("");

/** Why an operator does it; the audit log keeps it. */
export const reason = textOf(3, 300).regex(
  new RegExp(`^[^${unseen}]*$`, "u"),
  "must hold no invisible characters",
);

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
