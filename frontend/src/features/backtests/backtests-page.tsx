import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { BacktestStatus, BacktestView } from "@trading/contracts/backtests";
import { csv } from "@trading/contracts/csv";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useMemo, useState } from "react";
import { backtestsQuery } from "../../api/queries.ts";
import { useHiddenColumns } from "../../api/settings.ts";
import { Link, pageAddress } from "../../router/router.tsx";
import { Button, buttonClass, IconButton } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/feedback.tsx";
import { Select } from "../../ui/field.tsx";
import { count } from "../../ui/format.ts";
import { Page } from "../../ui/page.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { saveText } from "../../ui/save-text.ts";
import { DataTable } from "../../ui/table.tsx";
import { ColumnsMenu, CsvButton, SearchField } from "../../ui/table-tools.tsx";
import { backtestColumns, PhoneBacktest } from "./backtest-columns.tsx";
import { BacktestPanel } from "./backtest-panel.tsx";
import type { BacktestsSearch } from "./search.ts";
import { backtestsSearch } from "./search.ts";
import { texts } from "./texts.ts";

const route = pageAddress("/backtests", backtestsSearch);
const pageSize = 100;
const statuses: readonly BacktestStatus[] = ["queued", "running", "done", "failed", "cancelled"];

/** All backtests of the user: how they ended, and what to do with them. */
export function BacktestsPage() {
  const search = route.useSearch();
  const navigate = route.useSetSearch();
  const { q = "", status, sort = "createdAt", order = "desc", page = 1 } = search;
  const list = useQuery({
    ...backtestsQuery({ search: q, status, sort, order, page, pageSize }),
    placeholderData: keepPreviousData,
  });
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [hidden, setHidden] = useHiddenColumns("backtests");
  const choice = useMemo(
    () => ({
      chosen,
      onChoose: (id: string, isChosen: boolean) =>
        setChosen((old) => (isChosen ? [...old, id] : old.filter((one) => one !== id))),
    }),
    [chosen],
  );
  const columns = useMemo(() => backtestColumns(choice), [choice]);
  const panel = search.backtest;
  const set = (change: Changed) =>
    navigate({
      search: (old) => cleaned({ ...old, page: undefined, ...change }),
      // Going back closes the panel of a row.
      replace: change.backtest === undefined || panel !== undefined,
    });
  return (
    <Page
      title={texts.title}
      scroll={false}
      tools={<Tools search={search} set={set} chosen={chosen} onClear={() => setChosen([])} />}
      aside={
        panel !== undefined && (
          <BacktestPanel
            key={panel}
            id={panel}
            onClose={() => set({ page, backtest: undefined })}
          />
        )
      }
    >
      {list.isError ? (
        <ProblemView error={list.error} onRetry={() => void list.refetch()} className="m-4" />
      ) : (
        <>
          <div className="flex h-8 shrink-0 items-center justify-end gap-1 border-b border-line px-2 max-sm:hidden">
            <Pages
              page={page}
              total={list.data?.total ?? 0}
              onPage={(next) => set({ page: next })}
            />
            <ColumnsMenu columns={columns} hidden={hidden} onHidden={setHidden} />
            <CsvButton onSave={() => save(list.data?.items ?? [])} />
          </div>
          <DataTable
            primary
            label={texts.title}
            className="flex-1"
            columns={columns}
            rows={list.data?.items}
            rowKey={({ id }) => id}
            phoneRow={(one) => <PhoneBacktest backtest={one} {...choice} />}
            empty={
              <Empty
                isFiltered={q !== "" || status !== undefined}
                onClear={() => set({ q: undefined, status: undefined })}
              />
            }
            sort={{ by: sort, order }}
            onSort={({ by, order: next }) =>
              set({ sort: by as NonNullable<BacktestsSearch["sort"]>, order: next })
            }
            onOpen={({ id }) => set({ page, backtest: id })}
            selected={panel}
            hidden={hidden}
          />
        </>
      )}
    </Page>
  );
}

type Changed = { [Key in keyof BacktestsSearch]?: BacktestsSearch[Key] | undefined };

const cleaned = (search: Changed): BacktestsSearch =>
  Object.fromEntries(
    Object.entries(search).filter(
      ([, value]) => value !== undefined && value !== "" && value !== 1,
    ),
  );

type ToolsProps = Readonly<{
  search: BacktestsSearch;
  set: (change: Changed) => void;
  chosen: readonly string[];
  onClear: () => void;
}>;

function Tools({ search, set, chosen, onClear }: ToolsProps) {
  const canCompare = chosen.length >= 2;
  return (
    <>
      {chosen.length > 0 && (
        <span className="flex items-center gap-1 text-sm">
          <span className="text-muted" aria-live="polite">
            {texts.chosen(chosen.length)}
          </span>
          <Button look="quiet" small onClick={onClear}>
            {texts.clearChoice}
          </Button>
          <Link
            to="/compare"
            search={{ ids: chosen.join(",") }}
            disabled={!canCompare}
            title={texts.compareHelp}
            className={buttonClass(canCompare ? "primary" : "plain", true)}
          >
            {texts.compare}
          </Link>
        </span>
      )}
      <SearchField
        label={texts.search}
        value={search.q ?? ""}
        onChange={(q) => set({ q })}
        className="w-48 max-sm:order-1 max-sm:min-w-3/5 max-sm:flex-1"
      />
      <span className="w-28 shrink-0 max-sm:order-1">
        <Select
          aria-label={texts.columns.status}
          className="h-7! pointer-coarse:h-11!"
          value={search.status ?? "all"}
          options={[
            { value: "all", label: texts.allStatuses },
            ...statuses.map((one) => ({ value: one, label: texts.status[one] })),
          ]}
          onChange={(status) => set({ status: statuses.find((one) => one === status) })}
        />
      </span>
      <Link to="/workbench" className={buttonClass(chosen.length > 0 ? "plain" : "primary", true)}>
        {texts.new}
      </Link>
    </>
  );
}

function Empty({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  if (isFiltered) {
    return (
      <EmptyState action={<Button onClick={onClear}>{texts.clear}</Button>}>
        {texts.none}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      action={
        <Link to="/workbench" className={buttonClass("primary")}>
          {texts.emptyAction}
        </Link>
      }
    >
      {texts.empty}
    </EmptyState>
  );
}

type PagesProps = Readonly<{ page: number; total: number; onPage: (page: number) => void }>;

function Pages({ page, total, onPage }: PagesProps) {
  const last = Math.max(1, Math.ceil(total / pageSize));
  if (total === 0) return null;
  const from = (page - 1) * pageSize + 1;
  return (
    <span className="mr-auto flex items-center gap-1 pl-2 text-sm text-muted">
      {texts.pages(count(from), count(Math.min(total, page * pageSize)), count(total))}
      {last > 1 && (
        <>
          <IconButton label={texts.previous} disabled={page <= 1} onClick={() => onPage(page - 1)}>
            <ChevronLeft size={14} />
          </IconButton>
          <IconButton label={texts.next} disabled={page >= last} onClick={() => onPage(page + 1)}>
            <ChevronRight size={14} />
          </IconButton>
        </>
      )}
    </span>
  );
}

/** Saves the rows on the screen; shares as fractions, as everywhere in files. */
function save(rows: readonly BacktestView[]): void {
  const head = [
    "id",
    "title",
    "strategy",
    "symbol",
    "exchange",
    "timeframe",
    "status",
    "netProfitShare",
    "cagr",
    "maxDrawdown",
    "sharpe",
    "closedTrades",
    "fingerprint",
    "createdAt",
  ];
  const lines = rows.map((one) => [
    one.id,
    one.title,
    one.strategy,
    one.symbol,
    one.exchange,
    one.timeframe,
    one.status,
    one.summary?.netProfitShare ?? null,
    one.summary?.cagr ?? null,
    one.summary?.maxDrawdown ?? null,
    one.summary?.sharpe ?? null,
    one.summary?.closedTrades ?? null,
    one.fingerprint,
    one.createdAt,
  ]);
  saveText("backtests.csv", csv(head, lines));
}
