import { ChevronLeft, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { Button, IconButton } from "../ui/button.tsx";
import { EmptyState } from "../ui/feedback.tsx";
import { Select } from "../ui/field.tsx";
import { count } from "../ui/format.ts";
import { Page } from "../ui/page.tsx";
import { ProblemView } from "../ui/problem-view.tsx";
import { type Column, DataTable, type Sort } from "../ui/table.tsx";
import { SearchField } from "../ui/table-tools.tsx";
import { TimeText } from "../ui/time.tsx";
import { texts } from "./texts.ts";
import { useSearch } from "./use-operator.ts";

type Answer<Row> = Readonly<{
  items: readonly Row[];
  total?: number;
  page?: number;
  pageSize?: number;
}>;
type Filter = Readonly<{
  name: string;
  label: string;
  options: Readonly<Record<string, string>>;
}>;
type ListProps<Row> = Readonly<{
  title: string;
  list: Readonly<{
    data: Answer<Row> | undefined;
    error: Error | null;
    refetch: () => Promise<unknown>;
  }>;
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  phoneRow: (row: Row) => ReactNode;
  empty: string;
  search?: string;
  filters?: readonly Filter[];
  tools?: ReactNode;
  above?: ReactNode;
  sort?: Sort;
  onOpen?: (row: Row) => void;
  selected?: string | undefined;
  aside?: ReactNode;
}>;

/** A list of everybody's: search, filters and page stand in the address. */
export function ListPage<Row>(props: ListProps<Row>) {
  const { title, list, search, filters = [], tools, above, aside } = props;
  const [address, set] = useSearch();
  const toolbar = (
    <>
      {search !== undefined && (
        <SearchField
          label={search}
          value={address.q ?? ""}
          onChange={(q) => set({ q })}
          className="w-52 max-sm:order-last max-sm:min-w-40 max-sm:flex-1"
        />
      )}
      {filters.map(({ name, label, options }) => (
        <span key={name} className="w-32 shrink-0">
          <Select
            aria-label={label}
            className="h-7! pointer-coarse:h-11!"
            value={address[name] ?? ""}
            options={[
              { value: "", label },
              ...Object.entries(options).map(([value, words]) => ({ value, label: words })),
            ]}
            onChange={(value) => set({ [name]: value })}
          />
        </span>
      ))}
      {tools}
    </>
  );
  return (
    <Page title={title} scroll={false} tools={toolbar} aside={aside}>
      {above}
      {list.error !== null ? (
        <ProblemView error={list.error} onRetry={() => void list.refetch()} className="m-4" />
      ) : (
        <ListTable {...props} />
      )}
    </Page>
  );
}

function ListTable<Row>({ title, list, empty, sort, onOpen, ...props }: ListProps<Row>) {
  const [address, set] = useSearch();
  const narrowing = ["q", ...(props.filters ?? []).map(({ name }) => name)];
  const isNarrowed = narrowing.some((name) => address[name] !== undefined);
  const widen = () => set(Object.fromEntries(narrowing.map((name) => [name, undefined])));
  const { total, page = 1, pageSize = 100 } = list.data ?? {};
  return (
    <>
      {total !== undefined && total > pageSize && (
        <div className="flex h-8 shrink-0 items-center gap-1 border-b border-line px-4 text-sm text-muted max-sm:px-3">
          {texts.pageOf(count(page), count(Math.ceil(total / pageSize)), count(total))}
          <IconButton
            label={texts.previous}
            disabled={page <= 1}
            onClick={() => set({ page: String(page - 1) })}
          >
            <ChevronLeft size={14} />
          </IconButton>
          <IconButton
            label={texts.next}
            disabled={page * pageSize >= total}
            onClick={() => set({ page: String(page + 1) })}
          >
            <ChevronRight size={14} />
          </IconButton>
        </div>
      )}
      {list.data?.items.length === 0 ? (
        <EmptyState action={isNarrowed && <Button onClick={widen}>{texts.showAll}</Button>}>
          {empty}
        </EmptyState>
      ) : (
        <DataTable
          primary
          label={title}
          className="flex-1"
          columns={props.columns}
          rows={list.data?.items}
          rowKey={props.rowKey}
          phoneRow={(row) => (
            <div className="flex h-full items-center gap-2">{props.phoneRow(row)}</div>
          )}
          empty={null}
          selected={props.selected}
          {...(onOpen && { onOpen })}
          {...(sort && {
            sort,
            onSort: ({ by, order }: Sort) => set({ sort: by, order }),
          })}
        />
      )}
    </>
  );
}

/** The two lines of a row on a phone, and when it was. */
export const TwoLines = ({
  first,
  mark,
  second,
  at,
}: {
  first: ReactNode;
  mark?: ReactNode;
  second: ReactNode;
  at?: string;
}) => (
  <span className="grid h-full min-w-0 flex-1 content-center gap-0.5">
    <span className="flex min-w-0 items-center gap-2">
      <span className="min-w-0 flex-1 truncate font-medium">{first}</span>
      {mark}
    </span>
    <span className="flex min-w-0 gap-2 text-muted">
      <span className="min-w-0 flex-1 truncate">{second}</span>
      {at !== undefined && <TimeText at={at} />}
    </span>
  </span>
);
