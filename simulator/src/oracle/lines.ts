/** One line of the ledger: plain data, decimal strings, in the order things happened. */
export type LedgerEntry = Readonly<{
  n: number;
  at: number;
  kind: string;
  [field: string]: unknown;
}>;

export type LedgerQuery = Readonly<{
  from?: number | undefined;
  kind?: string | undefined;
  account?: number | undefined;
  clientId?: string | undefined;
  limit?: number | undefined;
}>;

/** Lines of JSON as bytes beside the heap: read again only when somebody asks. */
export type Lines = Readonly<{
  /** A line with its number and its end; numbers grow. */
  append: (n: number, line: string) => void;
  find: (query: LedgerQuery) => LedgerEntry[];
  /** The latest, newest first. */
  newest: (limit: number) => LedgerEntry[];
}>;

type Block = Readonly<{ lastN: number; bytes: Buffer }>;

const blockChars = 1 << 16;
const mostAnswered = 10_000;

export function createLines(): Lines {
  const blocks: Block[] = [];
  let open = "";
  let lastN = 0;
  const seal = (): void => {
    if (open === "") return;
    blocks.push({ lastN, bytes: Buffer.from(open) });
    open = "";
  };

  return {
    append: (n, line) => {
      lastN = n;
      open += line;
      if (open.length > blockChars) seal();
    },
    find: (query) => {
      seal();
      const limit = Math.min(query.limit ?? 1000, mostAnswered);
      const needles = needlesOf(query);
      const found: LedgerEntry[] = [];
      const mayHold = ({ lastN: last, bytes }: Block): boolean =>
        last >= (query.from ?? 0) && needles.every((needle) => bytes.includes(needle));
      for (const block of blocks) {
        if (found.length >= limit) break;
        if (!mayHold(block)) continue;
        found.push(...entriesOf(block.bytes, needles).filter((entry) => isWanted(entry, query)));
      }
      return found.slice(0, limit);
    },
    newest: (limit) => {
      seal();
      const found: LedgerEntry[] = [];
      for (let index = blocks.length - 1; index >= 0 && found.length < limit; index -= 1) {
        const bytes = blocks[index]?.bytes;
        if (bytes !== undefined) found.push(...entriesOf(bytes, []).reverse());
      }
      return found.slice(0, limit);
    },
  };
}

/** Text every wanted line contains: most lines need not be parsed to be passed over. */
function needlesOf({ kind, account, clientId }: LedgerQuery): string[] {
  const needles: string[] = [];
  if (kind !== undefined) needles.push(`"kind":${JSON.stringify(kind)}`);
  if (account !== undefined) needles.push(`"account":${account}`);
  if (clientId !== undefined) needles.push(`"clientId":${JSON.stringify(clientId)}`);
  return needles;
}

function entriesOf(bytes: Buffer, needles: readonly string[]): LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  for (const line of bytes.toString().split("\n")) {
    if (line !== "" && needles.every((needle) => line.includes(needle))) {
      entries.push(JSON.parse(line) as LedgerEntry);
    }
  }
  return entries;
}

const isWanted = (entry: LedgerEntry, query: LedgerQuery): boolean =>
  entry.n >= (query.from ?? 0) &&
  (query.kind === undefined || entry.kind === query.kind) &&
  (query.account === undefined || entry.account === query.account) &&
  (query.clientId === undefined || entry.clientId === query.clientId);
