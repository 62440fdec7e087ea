import type { AnyBacktest } from "@trading/contracts/admin";
import { Button } from "../ui/button.tsx";
import { Chip } from "../ui/feedback.tsx";
import { percent } from "../ui/format.ts";
import type { Column } from "../ui/table.tsx";
import { TimeText } from "../ui/time.tsx";
import { ListPage, TwoLines } from "./list-page.tsx";
import { OperatorsOnly } from "./operators-only.tsx";
import { type Deed, useDeed } from "./reason-dialog.tsx";
import { texts } from "./texts.ts";
import { useAdmin, useSearch } from "./use-operator.ts";

const t = texts.backtests;
const tones = {
  queued: "plain",
  running: "accent",
  done: "good",
  failed: "bad",
  cancelled: "plain",
} as const;

/** Backtests of everybody: stop one, or run it once more. */
export function BacktestsPage() {
  const [{ q, status, page }] = useSearch();
  const query = { search: q, status, page, pageSize: 100 };
  const list = useAdmin("anyBacktestPage", "/backtests", query);
  const [begin, dialog] = useDeed();
  return (
    <>
      <ListPage
        title={texts.pages.backtests}
        list={list}
        columns={columnsFor(begin)}
        rowKey={({ id }) => id}
        phoneRow={(one) => (
          <>
            <TwoLines
              first={one.title}
              mark={<Chip tone={tones[one.status]}>{t.statuses[one.status]}</Chip>}
              second={`${one.userName} · ${one.symbol}`}
            />
            <Action backtest={one} begin={begin} />
          </>
        )}
        empty={t.none}
        search={t.search}
        filters={[{ name: "status", label: t.anyStatus, options: t.statuses }]}
      />
      {dialog}
    </>
  );
}

type Begin = (deed: Deed) => void;

function Action({ backtest, begin }: { backtest: AnyBacktest; begin: Begin }) {
  const { id, title, userName, status } = backtest;
  const isOpen = status === "queued" || status === "running";
  const path = `/admin/backtests/${id}`;
  const deed: Deed = isOpen
    ? {
        ...{ title: t.stop, about: t.stopAbout(title, userName), action: t.stop, done: t.stopped },
        ...{ method: "POST", path: `${path}/stop`, isDangerous: true },
      }
    : {
        ...{ title: t.repeat, about: t.repeatAbout(title, userName), action: t.repeat },
        ...{ done: t.repeated, method: "POST", path: `${path}/repeat` },
      };
  return (
    <OperatorsOnly>
      <Button small look="quiet" onClick={() => begin(deed)}>
        {deed.action}
      </Button>
    </OperatorsOnly>
  );
}

const columnsFor = (begin: Begin): readonly Column<AnyBacktest>[] => [
  { id: "user", header: t.user, width: "minmax(110px,1fr)", cell: ({ userName }) => userName },
  {
    ...{ id: "title", header: t.title, width: "minmax(220px,2.4fr)" },
    cell: ({ title }) => <span className="font-medium">{title}</span>,
  },
  {
    ...{ id: "market", header: t.market, width: "minmax(110px,1fr)" },
    cell: ({ symbol, timeframe }) => `${symbol} ${timeframe}`,
  },
  {
    ...{ id: "status", header: t.status, width: "150px" },
    cell: ({ status, share, step, problem }) => (
      <Chip tone={tones[status]} title={problem ?? step}>
        {status === "running" ? percent(share, { decimals: 0 }) : t.statuses[status]}
      </Chip>
    ),
  },
  {
    ...{ id: "problem", header: t.problem, width: "minmax(140px,1.6fr)" },
    cell: ({ problem }) => <span className="text-muted">{problem ?? ""}</span>,
  },
  {
    ...{ id: "createdAt", header: t.createdAt, width: "150px" },
    cell: ({ createdAt }) => <TimeText at={createdAt} />,
  },
  {
    ...{ id: "action", header: "", width: "104px" },
    cell: (one) => <Action backtest={one} begin={begin} />,
  },
];
