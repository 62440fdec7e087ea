import type { ConnectableExchange } from "@trading/contracts/exchange-accounts";
import type { Credentials } from "../exchanges/key-reader.ts";
import type { Envelope } from "../platform/envelope.ts";

type Table = "exchange_accounts" | "key_checks";
type Row = Readonly<{ id: string; userId: string }>;

const placeOf = (table: Table, { id, userId }: Row) => ({
  ...{ table, rowId: id, userId },
  column: "credentials",
});

/** Key and secret as one sealed value: neither is of use without the other. */
export const sealCredentials = (
  envelope: Envelope,
  table: Table,
  row: Row,
  { apiKey, secret }: Credentials,
): Promise<string> => envelope.seal(JSON.stringify([apiKey, secret]), placeOf(table, row));

/** Throws `SealBroken`. */
export async function openCredentials(
  envelope: Envelope,
  table: Table,
  row: Row,
  sealed: string,
): Promise<Credentials> {
  const [apiKey, secret] = JSON.parse(await envelope.open(sealed, placeOf(table, row))) as [
    string,
    string,
  ];
  return { apiKey, secret };
}

type Remembered = Readonly<{ keyMark: string; keyEnd: string }>;

/**
 * Whether a key is the one that a row remembers. A row whose mark was made under an encryption key that is gone, as after
 * a leak, remembers its last letters only: they decide.
 */
export function isKeyOf(
  { keyMark, keyEnd }: Remembered,
  apiKey: string,
  marks: readonly string[],
): boolean {
  const madeUnder = (mark: string) => mark.split(".", 1)[0];
  const isReadable = marks.some((mark) => madeUnder(mark) === madeUnder(keyMark));
  return isReadable ? marks.includes(keyMark) : keyEnd === endOf(apiKey);
}

/** What everybody may see of a key. */
export const endOf = (apiKey: string): string => apiKey.slice(-4);

/** By what a key is known again, for its owner only: the same key of two users has nothing in common. */
export const marksOf = (
  envelope: Envelope,
  userId: string,
  exchange: ConnectableExchange,
  apiKey: string,
) => envelope.marks("exchange-key", userId, exchange, apiKey);
