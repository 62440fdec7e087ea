import type { Fill } from "./result.ts";
import type { RunInput } from "./run.ts";
import { sha256 } from "./sha256.ts";

/** Changes whenever equal inputs may give other fills or another fingerprint. */
export const engineVersion = "1.0.0";

/**
 * SHA-256 over everything a result depends on (engine, strategy version, parameters, settings, market rules, timeframe,
 * data revision) and over every fill with the exact bits of its numbers. Equal on every machine and JavaScript engine.
 */
export function fingerprintOf(input: RunInput, fills: readonly Fill[]): string {
  const { strategyVersion, parameters, settings, market, timeframe, dataRevision } = input;
  const about = canonical({
    engineVersion,
    strategyVersion,
    parameters,
    settings,
    market,
    timeframe,
    dataRevision,
  });
  const head = utf8(`${about}\n`);
  const texts = fills.map((fill) => utf8(`${fill.side} ${fill.liquidity} ${fill.reason}\n`));
  const length = texts.reduce((sum, text) => sum + text.length + numbersBytes, head.length);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  bytes.set(head);
  let at = head.length;
  fills.forEach((fill, i) => {
    for (const number of [fill.at, fill.quantity, fill.price, fill.fee]) {
      view.setFloat64(at, number, true);
      at += 8;
    }
    const text = texts[i] as Uint8Array;
    bytes.set(text, at);
    at += text.length;
  });
  return sha256(bytes);
}

const numbersBytes = 4 * 8;

type Plain = number | boolean | string | null | Readonly<{ [name: string]: Plain }>;

/** JSON with names in code unit order, so that equal values give equal text. */
function canonical(value: Plain): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name] as Plain)}`).join(",")}}`;
}

/** UTF-8 bytes of a text; a lone surrogate becomes U+FFFD, as everywhere. */
function utf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text.toWellFormed()) {
    const code = character.codePointAt(0) as number;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), tail(code));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), tail(code >> 6), tail(code));
    else bytes.push(0xf0 | (code >> 18), tail(code >> 12), tail(code >> 6), tail(code));
  }
  return Uint8Array.from(bytes);
}

const tail = (code: number) => 0x80 | (code & 0x3f);
