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

/** What everybody may see of a key. */
export const endOf = (apiKey: string): string => apiKey.slice(-4);
