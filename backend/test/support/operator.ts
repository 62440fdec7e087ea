import type { AuditEntry } from "@trading/contracts/audit";
import type { SignedInUser, TestApp } from "./app.ts";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Every deed of an operator has a reason. */
export const why = { reason: "a test wants it" };

/** What operators do, by requests, and what the database and the log then hold. */
export function operators(site: TestApp, admin: () => SignedInUser) {
  const ask = (method: Method, url: string, who = admin()) => ({
    with: (payload?: object) =>
      site.inject({
        method,
        url: `/api/v1${url}`,
        headers: { "sec-fetch-site": "same-origin", ...who.headers },
        ...(payload === undefined ? {} : { payload }),
      }),
  });
  const read = async (url: string, who = admin()) => (await ask("GET", url, who).with()).json();
  return {
    ask,
    read,
    query: async (text: string, values: unknown[] = []) =>
      (await site.database.pool.query(text, values)).rows,
    /** The newest line of the log. */
    newest: async (): Promise<AuditEntry> => (await read("/admin/audit?pageSize=1")).items[0],
  };
}
