import type { ExchangeHealth } from "@trading/contracts/admin";
import { Chip } from "../ui/feedback.tsx";
import { count } from "../ui/format.ts";
import { SidePanel } from "../ui/side-panel.tsx";
import type { Column } from "../ui/table.tsx";
import { TimeText } from "../ui/time.tsx";
import { FactList } from "./fact-list.tsx";
import { ListPage, TwoLines } from "./list-page.tsx";
import { texts } from "./texts.ts";
import { useAdmin, useSearch } from "./use-operator.ts";

const t = texts.exchanges;

/** Exchanges: when each was last read, and what went wrong. */
export function ExchangesPage() {
  const [{ q = "", exchange }, set, open] = useSearch();
  const health = useAdmin("exchangeHealthList", "/exchanges");
  const chosen = health.data?.items.find(({ id }) => id === exchange);
  const { error, refetch } = health;
  const list = { error, refetch, data: health.data && { items: inOrder(health.data.items, q) } };
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
      search={t.search}
      onOpen={({ id }) => open({ exchange: id })}
      selected={exchange}
      aside={
        chosen !== undefined && (
          <ExchangePanel exchange={chosen} onClose={() => set({ exchange: undefined })} />
        )
      }
    />
  );
}

/** Those that have been of use come first; the others have never been asked. */
function inOrder(items: readonly ExchangeHealth[], q: string): ExchangeHealth[] {
  const isUsed = ({ marketsAt, problem, series, watched }: ExchangeHealth) =>
    marketsAt !== null || problem !== null || series + watched > 0;
  const found = items.filter(({ name }) => name.toLowerCase().includes(q.trim().toLowerCase()));
  return [...found.filter(isUsed), ...found.filter((one) => !isUsed(one))];
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

type ExchangePanelProps = Readonly<{ exchange: ExchangeHealth; onClose: () => void }>;

const ExchangePanel = ({ exchange, onClose }: ExchangePanelProps) => (
  <SidePanel
    label={t.name}
    title={<h2 className="truncate font-semibold">{exchange.name}</h2>}
    onClose={onClose}
  >
    <FactList
      facts={[
        [t.health, <Health key="health" exchange={exchange} />],
        [t.markets, count(exchange.markets)],
        [t.readAt, <TimeText key="markets" at={exchange.marketsAt} />],
        [t.watched, count(exchange.watched)],
        [t.watchedAt, <TimeText key="read" at={exchange.readAt} />],
        [t.series, count(exchange.series)],
        [t.failed, count(exchange.failedDownloads)],
        exchange.problem === null ? null : [t.problem, exchange.problem],
        exchange.watchProblem === null ? null : [t.watchProblem, exchange.watchProblem],
      ]}
    />
  </SidePanel>
);

const right = { align: "right", width: "110px" } as const;
const columns: readonly Column<ExchangeHealth>[] = [
  {
    ...{ id: "name", header: t.name, width: "minmax(120px,1fr)" },
    cell: ({ name }) => <span className="font-medium">{name}</span>,
  },
  { id: "health", header: t.health, width: "130px", cell: (one) => <Health exchange={one} /> },
  { id: "markets", header: t.markets, ...right, cell: ({ markets }) => count(markets) },
  {
    ...{ id: "at", header: t.readAt, width: "164px" },
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
