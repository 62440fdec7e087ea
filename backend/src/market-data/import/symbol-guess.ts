const quotes = "USDT|USDC|FDUSD|BUSD|TUSD|USD|EUR|GBP|JPY|TRY|DAI|BTC|ETH|BNB";
const separated = new RegExp(
  `(?:^|[^A-Z0-9])([A-Z0-9]{2,12})[_\\-/]((?:${quotes}))(?:[_\\-:](${quotes}))?(?![A-Z])`,
);
const perpetual = /(?:^|[^A-Z0-9])([A-Z0-9]{2,12})-PERP(?![A-Z])/;
const joined = new RegExp(`(?:^|[^A-Z0-9])([A-Z0-9]{2,12}?)(${quotes})(?![A-Z])`);

/** The market that a file's name speaks of, such as `BTC/USDT` from `BTCUSDT-1m-2024-01.zip`; null if none. */
export function guessSymbol(fileName: string): string | null {
  const name = fileName.toUpperCase().replace(/\.(CSV|GZ|ZIP|JSON|FEATHER|TXT)\b/g, "");
  const pair = separated.exec(name);
  if (pair !== null) return `${pair[1]}/${pair[2]}${pair[3] === undefined ? "" : `:${pair[3]}`}`;
  const future = perpetual.exec(name);
  if (future !== null) return `${future[1]}/USD:USD`;
  const whole = joined.exec(name);
  return whole === null ? null : `${whole[1]}/${whole[2]}`;
}
