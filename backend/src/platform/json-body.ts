import type { FastifyInstance } from "fastify";
import { PlatformError } from "./errors.ts";

const depthMax = 32;
const valuesMax = 50_000;
export const bodyBytesMax = 1_048_576;

/** JSON is the only body read here; a route that takes files registers its own parser. */
export function registerJsonBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, done) => {
    try {
      done(null, parseJsonBody(text as string));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
}

/**
 * Parses a body and refuses what no honest client sends and databases choke on: deep nesting, floods of values,
 * `__proto__`, NUL, half surrogate pairs. Throws `malformed-body`.
 */
export function parseJsonBody(text: string): unknown {
  if (text === "") return undefined;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw refused("The body is not valid JSON.");
  }
  inspect(body);
  return body;
}

/** Walks level by level, without recursion, so that depth costs nothing. */
function inspect(body: unknown): void {
  let level = [body];
  let seen = 0;
  for (let depth = 0; level.length > 0; depth++) {
    seen += level.length;
    if (depth > depthMax) throw refused(`The body is nested deeper than ${depthMax} levels.`);
    if (seen > valuesMax) throw refused(`The body holds more than ${valuesMax} values.`);
    level = level.flatMap(inside);
  }
}

/** Checks one value and returns what it holds. */
function inside(value: unknown): unknown[] {
  if (typeof value === "string") checkText(value);
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value;
  for (const key of Object.keys(value)) {
    if (key === "__proto__") throw refused("The body holds a key `__proto__`.");
    checkText(key);
  }
  return Object.values(value);
}

function checkText(text: string): void {
  if (text.includes("\0")) throw refused("The body holds a NUL character.");
  if (!text.isWellFormed()) throw refused("The body holds half of a surrogate pair.");
}

const refused = (why: string) => new PlatformError("malformed-body", why);
