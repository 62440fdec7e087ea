import type { Place, Target } from "./places.ts";

/** What the part after `#` says, taken apart. */
export type Address = Readonly<{ path: string; search: Readonly<Record<string, string>> }>;

/** Reads `#/data?q=btc`. Addresses are hashes, so that any static host, sub-path or file server can hold the pages. */
export function readAddress(hash: string): Address {
  const [path = "", query = ""] = hash.replace(/^#/, "").split(/\?(.*)/s);
  return {
    path: path.startsWith("/") ? path : "/",
    search: Object.fromEntries(new URLSearchParams(query)),
  };
}

/** Writes a search; what is undefined or empty is left out. */
export function searchText(search: object = {}): string {
  const pairs = Object.entries(search).filter(([, value]) => value !== undefined && value !== "");
  return pairs.length === 0
    ? ""
    : `?${new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]))}`;
}

/** The address of a place: `#/strategies/sma-crossover`. */
export function hrefOf(target: Target): string {
  const params: Record<string, string> = "params" in target ? target.params : {};
  const path = target.to.replace(/\$(\w+)/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ""),
  );
  return `#${path}${searchText(target.search)}`;
}

/** What varies in the path where it is this place, else null. */
export function paramsOf(place: Place, path: string): Readonly<Record<string, string>> | null {
  const wanted = place.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (!part.startsWith("$")) {
      if (part !== value) return null;
    } else {
      const text = decoded(value);
      if (text === null || text === "") return null;
      params[part.slice(1)] = text;
    }
  }
  return params;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
