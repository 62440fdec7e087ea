import type { NextSearch } from "../../router/places.ts";

/** Takes the page to go on to, if it is one of ours: a link must not send anybody elsewhere after signing in. */
export const nextSearch = ({ next }: Readonly<Record<string, unknown>>): NextSearch =>
  typeof next === "string" && /^\/(?![/\\])/.test(next) ? { next } : {};
