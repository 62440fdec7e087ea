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
  append: (n: number, line: Buffer) => void;
  find: (query: LedgerQuery) => LedgerEntry[];
  /** The latest, newest first. */
  newest: (limit: number) => LedgerEntry[];
}>;

type Block = Readonly<{ lastN: number; bytes: Buffer }>;

const blockBytes = 1 << 16;
const mostAnswered = 10_000;

export function createLines(): Lines {
  const blocks: Block[] = [];
  const open = Buffer.allocUnsafe(blockBytes);
  let used = 0;
  let lastN = 0;
  const seal = (): void => {
    if (used > 0) blocks.push({ lastN, bytes: Buffer.from(open.subarray(0, used)) });
    used = 0;
  };
  const everything = (): Block[] => [...blocks, { lastN, bytes: open.subarray(0, used) }];

  return {
    append: (n, line) => {
      if (used + line.length > blockBytes) seal();
      lastN = n;
      if (line.length > blockBytes) blocks.push({ lastN, bytes: Buffer.from(line) });
      else used += line.copy(open, used);
    },
    find: (query) => {
      const limit = Math.min(query.limit ?? 1000, mostAnswered);
      const needles = needlesOf(query);
      const found: LedgerEntry[] = [];
      const mayHold = ({ lastN: last, bytes }: Block): boolean =>
        last >= (query.from ?? 0) && needles.every((needle) => bytes.includes(needle));
      for (const block of everything()) {
        if (found.length >= limit) break;
        if (!mayHold(block)) continue;
        found.push(...entriesOf(block.bytes, needles).filter((entry) => isWanted(entry, query)));
      }
      return found.slice(0, limit);
    },
    newest: (limit) => {
      const all = everything();
      const found: LedgerEntry[] = [];
      for (let index = all.length - 1; index >= 0 && found.length < limit; index -= 1) {
        const bytes = all[index]?.bytes;
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
