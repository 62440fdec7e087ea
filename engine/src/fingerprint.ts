import type { Detail } from "./columns.ts";
import { FillLog, fillNumber } from "./fill-log.ts";
import { unusualOf } from "./fill-settings.ts";
import type { Fill } from "./result.ts";
import type { RunInput } from "./run.ts";
import type { RunSettings } from "./run-settings.ts";
import type { MarketsInput } from "./several/input.ts";
import { sha256 } from "./sha256.ts";

/** Changes whenever equal inputs may give other fills or another fingerprint. */
export const engineVersion = "1.7.0";

/**
 * SHA-256 over everything a result depends on (engine, strategy version, parameters, settings, market rules, timeframe,
 * data revision) and over every fill with the exact bits of its numbers. Equal on every machine and JavaScript engine.
 */
export function fingerprintOf(input: RunInput, fills: FillLog): string {
  const { strategyVersion, dataRevision } = input;
  return hashOf({ engineVersion, strategyVersion, dataRevision, ...inputsOf(input) }, fills);
}

/** The same of several markets, which are told apart by their names. */
export function fingerprintOfMarkets(
  input: MarketsInput,
  fills: readonly (Fill & Readonly<{ market: string }>)[],
): string {
  const { strategyVersion } = input;
  const dataRevision = marketsDataRevision(input);
  const named = new FillLog();
  for (const fill of fills) named.add({ ...fill, reason: `${fill.market} ${fill.reason}` });
  return hashOf({ engineVersion, strategyVersion, dataRevision, ...inputsOfMarkets(input) }, named);
}

/** SHA-256 over the data revisions of all markets. */
export const marketsDataRevision = ({ markets }: MarketsInput): string =>
  sha256(
    utf8(
      canonical(
        Object.fromEntries(
          markets.map(({ market, dataRevision }) => [market.symbol, dataRevision]),
        ),
      ),
    ),
  );

export const marketsRevisionOf = (input: MarketsInput): string =>
  sha256(utf8(canonical(inputsOfMarkets(input))));

function inputsOfMarkets({ parameters, settings, markets }: MarketsInput) {
  const named = markets.map(({ market: { symbol, tick, lot, notionalMin }, ...one }) => {
    const { timeframe, funding, detail } = one;
    const finer = settings.fillPolicy === "detail" && detail ? detailOf(detail) : undefined;
    const apart = plainOf({ funding, detail: finer });
    return [symbol, { tick, lot, notionalMin, timeframe, ...apart }];
  });
  return { parameters, settings: settingsOf(settings), markets: Object.fromEntries(named) };
}

function hashOf(named: Plain, fills: FillLog): string {
  const about = canonical(named);
  const ledger = ledgerOf(fills);
  const head = utf8(`${about}\n${JSON.stringify(fills.texts)}\n`);
  const bytes = new Uint8Array(head.length + ledger.length);
  bytes.set(head);
  bytes.set(ledger, head.length);
  return sha256(bytes);
}

/** SHA-256 over what the person who asked for a run chose: parameters, settings, market rules and timeframe. */
export const inputsRevisionOf = (input: RunInput): string =>
  sha256(utf8(canonical(inputsOf(input))));

function inputsOf({ parameters, settings, market, timeframe, detail }: RunInput) {
  // Not the symbol: the same candles under another name give the same run.
  const { tick, lot, notionalMin } = market;
  return {
    parameters,
    settings: settingsOf(settings),
    market: { tick, lot, notionalMin },
    timeframe,
    ...(settings.fillPolicy === "detail" && detail ? { detail: detailOf(detail) } : {}),
  };
}

const detailOf = ({ timeframe, dataRevision }: Detail) => ({ timeframe, dataRevision });

const entryBytes = 4 + 4 * 8;

/** Every fill as 36 bytes: the place of its words among the texts, then time, quantity, price and fee. */
function ledgerOf(fills: FillLog): Uint8Array {
  const ledger = new Uint8Array(fills.count * entryBytes);
  const view = new DataView(ledger.buffer);
  for (let fill = 0; fill < fills.count; fill++) {
    const at = fill * entryBytes;
    view.setUint32(at, fills.numberOf(fill, fillNumber.words), true);
    view.setFloat64(at + 4, fills.numberOf(fill, fillNumber.at), true);
    view.setFloat64(at + 12, fills.numberOf(fill, fillNumber.quantity), true);
    view.setFloat64(at + 20, fills.numberOf(fill, fillNumber.price), true);
    view.setFloat64(at + 28, fills.numberOf(fill, fillNumber.fee), true);
  }
  return ledger;
}

function settingsOf(settings: RunSettings) {
  const { capital, makerFee, takerFee, slippageBps, perpetual, limits, borrowRate } = settings;
  // What is left out is not named, so that runs without it keep their fingerprints.
  const usual = { capital, makerFee, takerFee, slippageBps };
  return { ...usual, ...unusualOf(settings), ...plainOf({ perpetual, limits, borrowRate }) };
}

/** Plain data without what is undefined. */
const plainOf = (value: object) => JSON.parse(JSON.stringify(value)) as { [name: string]: Plain };

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
