import type { AuditEntry } from "@trading/contracts/audit";
import { csv } from "@trading/contracts/csv";

const columns = [
  "position",
  "at",
  "actorName",
  "actorId",
  "action",
  "target",
  "targetId",
  "before",
  "after",
  "address",
  "reason",
  "hash",
] as const satisfies readonly (keyof AuditEntry)[];

/** The audit log as CSV; what changed is written as JSON. */
export const auditCsv = (entries: readonly AuditEntry[]): string =>
  csv(
    columns,
    entries.map((entry) =>
      columns.map((name) => {
        const value = entry[name];
        return name === "before" || name === "after" ? asJson(value) : (value as string | number);
      }),
    ),
  );

const asJson = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
