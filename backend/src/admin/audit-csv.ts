import type { AuditEntry } from "@trading/contracts/admin";

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

/** The audit log as CSV (RFC 4180, UTF-8); texts that a spreadsheet would run are made harmless. */
export function auditCsv(entries: readonly AuditEntry[]): string {
  const lines = entries.map((entry) => columns.map((name) => cell(entry[name])).join(","));
  return `${[columns.join(","), ...lines].join("\r\n")}\r\n`;
}

function cell(value: unknown): string {
  if (value === null) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
