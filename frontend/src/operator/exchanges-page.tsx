import type { ExchangeHealth } from "@trading/contracts/admin";
import { Chip } from "../ui/feedback.tsx";
import { count } from "../ui/format.ts";
import type { Column } from "../ui/table.tsx";
import { TimeText } from "../ui/time.tsx";
import { ListPage, TwoLines } from "./list-page.tsx";
import { texts } from "./texts.ts";
import { useAdmin } from "./use-operator.ts";

const t = texts.exchanges;

/** Exchanges: when each was last read, and what went wrong. */
export function ExchangesPage() {
  const list = useAdmin("exchangeHealthList", "/exchanges");
  return (
    <ListPage
      title={texts.pages.exchanges}
      list={list}
      columns={columns}
      rowKey={({ id }) => id}
      phoneRow={(one) => (
        <TwoLines
          first={one.name}
          mark={<Health exchange={one} />}
          second={one.problem ?? one.watchProblem ?? t.marketsOf(count(one.markets))}
        />
      )}
      empty={t.none}
    />
  );
}

function Health({ exchange }: { exchange: ExchangeHealth }) {
  const problem = exchange.problem ?? exchange.watchProblem;
  if (problem !== null)
    return (
      <Chip tone="bad" title={problem}>
        {t.failing}
      </Chip>
    );
  return exchange.marketsAt === null ? (
    <Chip>{t.never}</Chip>
  ) : (
    <Chip tone="good">{t.answers}</Chip>
  );
}

const right = { align: "right", width: "110px" } as const;
const columns: readonly Column<ExchangeHealth>[] = [
  {
    ...{ id: "name", header: t.name, width: "minmax(120px,1fr)" },
    cell: ({ name }) => <span className="font-medium">{name}</span>,
  },
  { id: "health", header: t.health, width: "130px", cell: (one) => <Health exchange={one} /> },
  { id: "markets", header: t.markets, ...right, cell: ({ markets }) => count(markets) },
  {
    ...{ id: "at", header: t.readAt, width: "150px" },
    cell: ({ marketsAt }) => <TimeText at={marketsAt} />,
  },
  { id: "watched", header: t.watched, ...right, cell: ({ watched }) => count(watched) },
  { id: "series", header: t.series, ...right, cell: ({ series }) => count(series) },
  {
    ...{ id: "failed", header: t.failed, ...right },
    cell: ({ failedDownloads }) => count(failedDownloads),
  },
  {
    ...{ id: "problem", header: t.problem, width: "minmax(160px,2fr)" },
    cell: ({ problem, watchProblem }) => (
      <span className="text-muted">{problem ?? watchProblem ?? ""}</span>
    ),
  },
];
