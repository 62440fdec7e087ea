import type { Series } from "@trading/contracts/market-data";
import { Button } from "../ui/button.tsx";
import { bytes, count } from "../ui/format.ts";
import type { Column } from "../ui/table.tsx";
import { TimeText } from "../ui/time.tsx";
import { ListPage, TwoLines } from "./list-page.tsx";
import { OperatorsOnly } from "./operators-only.tsx";
import { type Deed, useDeed } from "./reason-dialog.tsx";
import { texts } from "./texts.ts";
import { useAdmin, useSearch } from "./use-operator.ts";

const t = texts.series;

/** Candles that everybody shares: what they take, and how they are deleted. */
export function SeriesPage() {
  const [{ q, source, page }] = useSearch();
  const query = { search: q, source, page, pageSize: 100, sort: "bytes", order: "desc" };
  const list = useAdmin("seriesPage", "/series", query);
  const [begin, dialog] = useDeed();
  return (
    <>
      <ListPage
        title={texts.pages.series}
        list={list}
        columns={columnsFor(begin)}
        rowKey={({ id }) => id}
        phoneRow={(one) => (
          <>
            <TwoLines first={nameOf(one)} second={`${sourceOf(one)} · ${bytes(one.bytes)}`} />
            <Removal series={one} begin={begin} />
          </>
        )}
        empty={t.none}
        search={t.search}
        filters={[{ name: "source", label: t.anySource, options: t.sources }]}
      />
      {dialog}
    </>
  );
}

type Begin = (deed: Deed) => void;

const nameOf = ({ symbol, timeframe }: Series) => `${symbol} ${timeframe}`;
const sourceOf = ({ exchange, source }: Series) => exchange ?? source;

function Removal({ series, begin }: { series: Series; begin: Begin }) {
  const about = t.removeAbout(nameOf(series), count(series.rows));
  const deed: Deed = {
    ...{ title: t.remove, about, action: t.remove, done: t.removed },
    ...{ method: "DELETE", path: `/admin/series/${series.id}`, isDangerous: true },
  };
  return (
    <OperatorsOnly>
      <Button small look="quiet" onClick={() => begin(deed)}>
        {t.remove}
      </Button>
    </OperatorsOnly>
  );
}

const columnsFor = (begin: Begin): readonly Column<Series>[] => [
  {
    ...{ id: "market", header: t.market, width: "minmax(150px,1.4fr)" },
    cell: (one) => <span className="font-medium">{nameOf(one)}</span>,
  },
  { id: "source", header: t.source, width: "minmax(110px,1fr)", cell: sourceOf },
  { id: "rows", header: t.rows, width: "110px", cell: ({ rows }) => count(rows) },
  { id: "bytes", header: t.size, width: "100px", cell: (one) => bytes(one.bytes) },
  { id: "first", header: t.first, width: "164px", cell: ({ first }) => <TimeText at={first} /> },
  { id: "last", header: t.last, width: "164px", cell: ({ last }) => <TimeText at={last} /> },
  {
    ...{ id: "updatedAt", header: t.updatedAt, width: "164px" },
    cell: ({ updatedAt }) => <TimeText at={updatedAt} />,
  },
  {
    ...{ id: "action", header: texts.action, width: "104px" },
    cell: (one) => <Removal series={one} begin={begin} />,
  },
];
