import { useQuery } from "@tanstack/react-query";
import { csv } from "@trading/contracts/csv";
import type { StrategyView } from "@trading/contracts/strategies";
import { FileWarning } from "lucide-react";
import { useMemo, useState } from "react";
import { strategiesQuery } from "../../api/queries.ts";
import { useHiddenColumns } from "../../api/settings.ts";
import { navigate } from "../../router/router.tsx";
import { Button } from "../../ui/button.tsx";
import { Chip, EmptyState } from "../../ui/feedback.tsx";
import { Page } from "../../ui/page.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { saveText } from "../../ui/save-text.ts";
import { type Column, DataTable, type Sort } from "../../ui/table.tsx";
import { ColumnsMenu, CsvButton, SearchField } from "../../ui/table-tools.tsx";
import { TimeText } from "../../ui/time.tsx";
import { timeframesText } from "./describe-parameter.ts";
import { texts } from "./texts.ts";

const columns: readonly Column<StrategyView>[] = [
  {
    id: "title",
    header: texts.columns.name,
    width: "minmax(220px,2fr)",
    sort: "title",
    hidable: false,
    cell: (one) => (
      <span className="flex items-center gap-2">
        <span className="font-medium">{one.title}</span>
        <span className="truncate text-muted">{one.description}</span>
        {one.problem !== null && (
          <FileWarning size={13} className="shrink-0 text-amber" aria-label={texts.broken} />
        )}
      </span>
    ),
  },
  {
    id: "category",
    header: texts.columns.category,
    width: "120px",
    sort: "category",
    cell: (one) => one.category,
  },
  {
    id: "risk",
    header: texts.columns.risk,
    width: "96px",
    sort: "risk",
    cell: (one) => <RiskChip risk={one.risk} />,
  },
  {
    id: "timeframes",
    header: texts.columns.timeframes,
    width: "210px",
    cell: (one) => <span className="text-muted">{timeframesText(one)}</span>,
  },
  {
    id: "parameters",
    header: texts.columns.parameters,
    width: "96px",
    align: "right",
    cell: (one) => Object.keys(one.parameters).length,
  },
  {
    id: "origin",
    header: texts.columns.origin,
    width: "96px",
    sort: "origin",
    cell: (one) => <span className="text-muted">{one.shipped ? texts.shipped : texts.own}</span>,
  },
  {
    id: "changed",
    header: texts.columns.changed,
    width: "140px",
    align: "right",
    sort: "versionAt",
    cell: (one) => <TimeText at={one.versionAt} />,
  },
];

export const RiskChip = ({ risk }: { risk: StrategyView["risk"] }) => (
  <Chip tone={risk === "low" ? "good" : risk === "medium" ? "attention" : "bad"}>
    {texts.risks[risk]}
  </Chip>
);

const ranks = { low: 0, medium: 1, high: 2 } as const;
const sortKeys: Readonly<Record<string, (one: StrategyView) => string | number>> = {
  title: (one) => one.title.toLowerCase(),
  category: (one) => one.category,
  risk: (one) => ranks[one.risk],
  origin: (one) => (one.shipped ? 1 : 0),
  versionAt: (one) => one.versionAt,
};

function sorted(items: readonly StrategyView[], { by, order }: Sort): readonly StrategyView[] {
  const key = sortKeys[by];
  if (key === undefined) return items;
  const direction = order === "asc" ? 1 : -1;
  return items.toSorted((a, b) => {
    const [x, y] = [key(a), key(b)];
    return x < y ? -direction : x > y ? direction : 0;
  });
}

/** All strategies of this site, and the files that could not become one. */
export function StrategiesPage() {
  const list = useQuery(strategiesQuery);
  const [search, setSearch] = useState("");
  const [sort, setSort] = useState<Sort>({ by: "title", order: "asc" });
  const [hidden, setHidden] = useHiddenColumns("strategies");
  const rows = useMemo(() => {
    const wanted = search.trim().toLowerCase();
    const has = (one: StrategyView) =>
      `${one.title} ${one.name} ${one.category} ${one.description}`.toLowerCase().includes(wanted);
    return list.data === undefined ? undefined : sorted(list.data.items.filter(has), sort);
  }, [list.data, search, sort]);
  const save = () =>
    saveText(
      "strategies.csv",
      csv(
        ["name", "title", "category", "risk", "timeframes", "version", "version_at"],
        (rows ?? []).map((one) => [
          one.name,
          one.title,
          one.category,
          one.risk,
          one.timeframes.join(" "),
          one.version,
          one.versionAt,
        ]),
      ),
    );
  const tools = (
    <>
      <SearchField
        label={texts.search}
        value={search}
        onChange={setSearch}
        className="w-56 max-sm:order-last max-sm:w-full"
      />
      <ColumnsMenu columns={columns} hidden={hidden} onHidden={setHidden} />
      <CsvButton onSave={save} />
    </>
  );
  return (
    <Page title={texts.title} tools={tools} scroll={false}>
      {list.error !== null && (
        <ProblemView error={list.error} onRetry={() => void list.refetch()} className="m-4" />
      )}
      <RefusedFiles refused={list.data?.refused ?? []} />
      <DataTable
        primary
        label={texts.title}
        columns={columns}
        rows={rows}
        rowKey={(one) => one.name}
        sort={sort}
        onSort={setSort}
        hidden={hidden}
        onOpen={(one) => navigate({ to: "/strategies/$name", params: { name: one.name } })}
        phoneRow={(one) => <PhoneRow strategy={one} />}
        empty={
          search === "" ? (
            <EmptyState>{texts.empty}</EmptyState>
          ) : (
            <EmptyState action={<Button onClick={() => setSearch("")}>{texts.all}</Button>}>
              {texts.none}
            </EmptyState>
          )
        }
        className="flex-1"
      />
    </Page>
  );
}

const PhoneRow = ({ strategy }: { strategy: StrategyView }) => (
  <div className="grid h-full grid-cols-[1fr_auto] content-center gap-x-3">
    <span className="truncate text-base font-medium">{strategy.title}</span>
    <RiskChip risk={strategy.risk} />
    <span className="truncate text-muted">{strategy.description}</span>
    <span className="text-right text-muted">{strategy.category}</span>
  </div>
);

type Refused = Readonly<{ file: string; line: number | null; message: string }>;

function RefusedFiles({ refused }: { refused: readonly Refused[] }) {
  if (refused.length === 0) return null;
  return (
    <section
      aria-label={texts.refused(refused.length)}
      className="shrink-0 border-b border-line bg-panel px-4 py-2 text-sm max-sm:px-3"
    >
      <h2 className="flex items-center gap-2 font-medium">
        <FileWarning size={14} className="text-amber" aria-hidden="true" />
        {texts.refused(refused.length)}
      </h2>
      <ul className="mt-1 grid gap-1">
        {refused.map((one) => (
          <li key={one.file} className="flex flex-wrap gap-x-3">
            <code className="font-mono">
              {one.file}
              {one.line !== null && `:${one.line}`}
            </code>
            <span className="text-muted">{one.message}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
