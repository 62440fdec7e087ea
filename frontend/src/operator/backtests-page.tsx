import type { AnyBacktest } from "@trading/contracts/admin";
import { Button } from "../ui/button.tsx";
import { Chip } from "../ui/feedback.tsx";
import { percent } from "../ui/format.ts";
import { SidePanel } from "../ui/side-panel.tsx";
import type { Column } from "../ui/table.tsx";
import { TimeText } from "../ui/time.tsx";
import { FactList } from "./fact-list.tsx";
import { ListPage, TwoLines } from "./list-page.tsx";
import { OperatorsOnly } from "./operators-only.tsx";
import { type Deed, useDeed } from "./reason-dialog.tsx";
import { texts } from "./texts.ts";
import { useAdmin, useMayOperate, useSearch } from "./use-operator.ts";

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
  const [{ q, status, page, backtest }, set, open] = useSearch();
  const query = { search: q, status, page, pageSize: 100 };
  const list = useAdmin("anyBacktestPage", "/backtests", query);
  const chosen = list.data?.items.find(({ id }) => id === backtest);
  const [begin, dialog] = useDeed();
  return (
    <>
      <ListPage
        title={texts.pages.backtests}
        list={list}
        columns={columnsFor(begin)}
        rowKey={({ id }) => id}
        phoneRow={(one) => (
          <TwoLines
            first={one.title}
            mark={<Status backtest={one} />}
            second={`${one.userName} · ${one.symbol} ${one.timeframe}`}
            at={one.createdAt}
          />
        )}
        empty={t.none}
        search={t.search}
        filters={[{ name: "status", label: t.anyStatus, options: t.statuses }]}
        onOpen={({ id }) => open({ backtest: id })}
        selected={backtest}
        aside={
          chosen !== undefined && (
            <BacktestPanel
              backtest={chosen}
              begin={begin}
              onClose={() => set({ page, backtest: undefined })}
            />
          )
        }
      />
      {dialog}
    </>
  );
}

type Begin = (deed: Deed) => void;

type ActionProps = Readonly<{ backtest: AnyBacktest; begin: Begin; look?: "quiet" | "plain" }>;

function Action({ backtest, begin, look = "quiet" }: ActionProps) {
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
      <Button small look={look} onClick={() => begin(deed)}>
        {deed.action}
      </Button>
    </OperatorsOnly>
  );
}

const Status = ({ backtest: { status, share } }: { backtest: AnyBacktest }) => (
  <Chip tone={tones[status]}>
    {status === "running" ? percent(share, { decimals: 0 }) : t.statuses[status]}
  </Chip>
);

type BacktestPanelProps = Readonly<{ backtest: AnyBacktest; begin: Begin; onClose: () => void }>;

const BacktestPanel = ({ backtest, begin, onClose }: BacktestPanelProps) => (
  <SidePanel
    label={t.title}
    title={<h2 className="truncate font-semibold">{backtest.title}</h2>}
    onClose={onClose}
    {...(useMayOperate() && {
      footer: <Action look="plain" backtest={backtest} begin={begin} />,
    })}
  >
    <FactList
      facts={[
        [
          t.user,
          <a key="user" href={`#/users?user=${backtest.userId}`} className="text-accent">
            {backtest.userName}
          </a>,
        ],
        [t.strategy, backtest.strategy],
        [t.market, `${backtest.symbol} ${backtest.timeframe}`],
        [t.status, <Status key="status" backtest={backtest} />],
        backtest.status === "running" ? [t.step, backtest.step] : null,
        backtest.problem === null ? null : [t.problem, backtest.problem],
        [t.createdAt, <TimeText key="at" at={backtest.createdAt} precision="second" />],
        [t.startedAt, <TimeText key="from" at={backtest.startedAt} precision="second" />],
        [t.finishedAt, <TimeText key="to" at={backtest.finishedAt} precision="second" />],
      ]}
    />
  </SidePanel>
);

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
    cell: (one) => <Status backtest={one} />,
  },
  {
    ...{ id: "problem", header: t.problem, width: "minmax(140px,1.6fr)" },
    cell: ({ problem }) => <span className="text-muted">{problem ?? ""}</span>,
  },
  {
    ...{ id: "createdAt", header: t.createdAt, width: "164px" },
    cell: ({ createdAt }) => <TimeText at={createdAt} />,
  },
  {
    ...{ id: "action", header: texts.action, width: "104px" },
    cell: (one) => <Action backtest={one} begin={begin} />,
  },
];
