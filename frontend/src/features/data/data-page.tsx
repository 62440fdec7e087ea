import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { csv } from "@trading/contracts/csv";
import type { Series } from "@trading/contracts/market-data";
import { Download, Upload } from "lucide-react";
import { useCallback, useMemo } from "react";
import { seriesPagesQuery, storageQuery } from "../../api/data-queries.ts";
import { useHiddenColumns } from "../../api/settings.ts";
import { pageAddress } from "../../router/router.tsx";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/feedback.tsx";
import { bytes } from "../../ui/format.ts";
import { Page } from "../../ui/page.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { saveText } from "../../ui/save-text.ts";
import { Segmented } from "../../ui/segmented.tsx";
import { DataTable } from "../../ui/table.tsx";
import { ColumnsMenu, CsvButton, SearchField } from "../../ui/table-tools.tsx";
import { DownloadDialog } from "./download-dialog.tsx";
import { type DataChange, type DataSearch, dataSearch } from "./search.ts";
import { SeriesPanel } from "./series-panel.tsx";
import { columns, PhoneSeries } from "./series-table.tsx";
import { TaskList } from "./task-list.tsx";
import { texts } from "./texts.ts";
import { UploadDialog } from "./upload-dialog.tsx";

const route = pageAddress("/data", dataSearch);

/** All series a user may use: what is there, how good it is, and how to bring more. */
export function DataPage() {
  const search = route.useSearch();
  const navigate = route.useSetSearch();
  const set = useCallback(
    (change: DataChange) =>
      navigate({ search: (old) => cleaned({ ...old, ...change }), replace: true }),
    [navigate],
  );
  const open = useCallback((add: "upload" | "download") => set({ add }), [set]);
  const close = () => navigate({ search: ({ add: _, ...rest }) => rest, replace: true });
  const openSeries = (series: string) =>
    navigate({ search: ({ add: _, ...rest }) => ({ ...rest, series }) });
  const closeSeries = () => navigate({ search: ({ series: _, ...rest }) => rest });
  return (
    <Page
      title={texts.title}
      scroll={false}
      tools={<Tools search={search} set={set} open={open} />}
      aside={
        search.series !== undefined && (
          <SeriesPanel key={search.series} id={search.series} onClose={closeSeries} />
        )
      }
    >
      <TaskList onOpen={openSeries} />
      <SeriesTable search={search} set={set} open={open} onOpen={openSeries} />
      <Storage />
      {search.add === "upload" && <UploadDialog onClose={close} onOpen={openSeries} />}
      {search.add === "download" && <DownloadDialog onClose={close} />}
    </Page>
  );
}

const cleaned = (search: DataChange): DataSearch =>
  Object.fromEntries(
    Object.entries(search).filter(([, value]) => value !== undefined && value !== ""),
  );

type Shared = Readonly<{
  search: DataSearch;
  set: (change: DataChange) => void;
  open: (add: "upload" | "download") => void;
}>;

function Tools({ search, set, open }: Shared) {
  return (
    <>
      <SearchField
        label={texts.search}
        value={search.q ?? ""}
        onChange={(q) => set({ q })}
        className="w-48 max-sm:order-1 max-sm:w-full"
      />
      <Segmented
        label={texts.columns.source}
        className="max-sm:order-2"
        value={search.source ?? "all"}
        onChange={(source) => set({ source: source === "all" ? undefined : source })}
        options={[
          { value: "all", label: texts.sources.all },
          { value: "exchange", label: texts.sources.exchange },
          { value: "upload", label: texts.sources.upload },
          { value: "synthetic", label: texts.sources.synthetic },
        ]}
      />
      <Button small icon={<Download size={14} />} onClick={() => open("download")}>
        {texts.download}
      </Button>
      <Button small look="primary" icon={<Upload size={14} />} onClick={() => open("upload")}>
        {texts.upload}
      </Button>
    </>
  );
}

function SeriesTable({ search, set, open, onOpen }: Shared & { onOpen: (series: string) => void }) {
  const { q = "", source, sort = "symbol", order = "asc" } = search;
  const list = useInfiniteQuery(seriesPagesQuery({ search: q, source, sort, order }));
  const [hidden, setHidden] = useHiddenColumns("series");
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items), [list.data]);
  const { hasNextPage, isFetching, fetchNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  if (list.error !== null)
    return <ProblemView error={list.error} onRetry={() => void list.refetch()} className="m-4" />;
  const isFiltered = q !== "" || source !== undefined;
  const empty = isFiltered ? (
    <EmptyState
      action={
        <Button onClick={() => set({ q: undefined, source: undefined })}>{texts.clear}</Button>
      }
    >
      {texts.none}
    </EmptyState>
  ) : (
    <EmptyState
      action={
        <Button look="primary" onClick={() => open("download")}>
          {texts.download}
        </Button>
      }
    >
      {texts.empty}
    </EmptyState>
  );
  return (
    <>
      <div className="flex h-8 shrink-0 items-center justify-end gap-1 border-b border-line px-2 max-sm:hidden">
        <ColumnsMenu columns={columns} hidden={hidden} onHidden={setHidden} />
        <CsvButton onSave={() => save(rows ?? [])} />
      </div>
      <DataTable
        primary
        label={texts.title}
        columns={columns}
        rows={rows}
        rowKey={(one) => one.id}
        sort={{ by: sort, order }}
        onSort={(next) => set(dataSearch({ sort: next.by, order: next.order }))}
        hidden={search.series === undefined ? hidden : [...hidden, ...besidePanel]}
        selected={search.series}
        onOpen={(one) => onOpen(one.id)}
        onEnd={more}
        phoneRow={(one) => <PhoneSeries series={one} />}
        empty={empty}
        className="flex-1"
      />
    </>
  );
}

/** What gives way to the panel: it says the same. */
const besidePanel = ["first", "missing", "warnings", "bytes"];

function save(rows: readonly Series[]): void {
  const head = [
    "symbol",
    "source",
    "exchange",
    "timeframe",
    "first",
    "last",
    "candles",
    "gaps",
    "missing",
    "warnings",
    "bytes",
  ];
  const lines = rows.map((one) => [
    one.symbol,
    one.source,
    one.exchange,
    one.timeframe,
    one.first,
    one.last,
    one.rows,
    one.gaps,
    one.missing,
    one.warnings,
    one.bytes,
  ]);
  saveText("series.csv", csv(head, lines));
}

function Storage() {
  const use = useQuery(storageQuery).data;
  if (use === undefined) return null;
  const share = use.uploadBytesMax === 0 ? 0 : use.uploadBytes / use.uploadBytesMax;
  return (
    <footer className="flex h-7 shrink-0 items-center gap-3 border-t border-line px-4 text-xs text-muted max-sm:px-3">
      <span className="h-1 w-24 overflow-hidden rounded-full bg-line" aria-hidden="true">
        <span
          className={`block h-full ${share > 0.9 ? "bg-amber" : "bg-accent"}`}
          style={{ width: `${Math.max(1, Math.min(100, share * 100))}%` }}
        />
      </span>
      {texts.storage(bytes(use.uploadBytes), bytes(use.uploadBytesMax))}
    </footer>
  );
}
