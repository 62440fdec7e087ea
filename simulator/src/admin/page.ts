import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";

const files: Readonly<Record<string, readonly [string, string]>> = {
  "/": ["status.html", "text/html; charset=utf-8"],
  "/status.js": ["status.js", "text/javascript; charset=utf-8"],
  "/status.css": ["status.css", "text/css; charset=utf-8"],
};

/** Serves the status page: three small files, nothing inline, nothing from elsewhere. */
export function answerPage(path: string, response: ServerResponse): void {
  const [name, type] = files[path] ?? [];
  if (name === undefined) {
    response.writeHead(404, { "content-type": "text/plain" }).end("Not Found");
    return;
  }
  const file = fileURLToPath(new URL(`../page/${name}`, import.meta.url));
  response.writeHead(200, {
    "content-type": type,
    "content-security-policy":
      "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  });
  response.end(readFileSync(file));
}
