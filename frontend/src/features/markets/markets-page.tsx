import { useQuery } from "@tanstack/react-query";
import type { Exchange } from "@trading/contracts/market-data";
import { useDeferredValue, useMemo } from "react";
import { exchangesQuery, marketsQuery, pricesQuery } from "../../api/market-queries.ts";
import { useSettings } from "../../api/settings.ts";
import { pageAddress } from "../../router/router.tsx";
import { Button } from "../../ui/button.tsx";
import { isSimulated, SimulatedMode } from "../../ui/exchange-text.tsx";
import { EmptyState, Skeleton } from "../../ui/feedback.tsx";
import { Select } from "../../ui/field.tsx";
import { count } from "../../ui/format.ts";
import { Page } from "../../ui/page.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { DataTable } from "../../ui/table.tsx";
import { SearchField } from "../../ui/table-tools.tsx";
import { InTopBar } from "../../ui/top-bar-slot.tsx";
import { LiveMarket } from "./live-market.tsx";
import { columns, PhoneMarket, type PricedMarket } from "./market-list.tsx";
import { type MarketsSearch, marketsSearch } from "./search.ts";
import { SimulatorLink } from "./simulator-link.tsx";
import { texts } from "./texts.ts";

const route = pageAddress("/markets", marketsSearch);

/** The markets of an exchange with their prices, and one of them as it moves. */
export function MarketsPage() {
  const search = route.useSearch();
  const navigate = route.useSetSearch();
  const exchanges = useQuery(exchangesQuery);
  const items = exchanges.data?.items ?? [];
  const exchange = search.exchange ?? firstLook(items);
  const set = (change: MarketsSearch) => navigate({ search: change, replace: true });
  const tools = (
    <>
      {isSimulated(exchange) && (
        <>
          <InTopBar>
            <SimulatedMode />
          </InTopBar>
          <SimulatorLink />
        </>
      )}
      <Select
        aria-label={texts.exchange}
        className="h-7! w-48! max-sm:flex-1 pointer-coarse:h-11!"
        value={exchange}
        options={items.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(id) => set({ exchange: id })}
      />
      <SearchField
        label={texts.search}
        value={search.q ?? ""}
        onChange={(q) => set({ exchange, ...(q === "" ? {} : { q }) })}
        className="w-48 max-sm:w-full"
      />
    </>
  );
  return (
    <Page title={texts.title} tools={tools} scroll={false}>
      {exchanges.error !== null && (
        <ProblemView
          error={exchanges.error}
          onRetry={() => void exchanges.refetch()}
          className="m-4"
        />
      )}
      {exchange !== "" && (
        <Markets
          key={exchange}
          exchange={exchange}
          search={search}
          onSymbol={(symbol) => set({ ...search, exchange, symbol })}
          onClear={() => set({ exchange })}
        />
      )}
    </Page>
  );
}

/** The demo's exchange where there is one; else one whose markets are known; else the most used. */
const firstLook = (items: readonly Exchange[]): string =>
  (
    items.find(({ id }) => isSimulated(id)) ??
    items.find(({ marketsAt }) => marketsAt !== null) ??
    items[0]
  )?.id ?? "";

type MarketsProps = Readonly<{
  exchange: string;
  search: MarketsSearch;
  onSymbol: (symbol: string) => void;
  onClear: () => void;
}>;

function Markets({ exchange, search, onSymbol, onClear }: MarketsProps) {
  const { q = "", symbol } = search;
  const [{ currency }] = useSettings();
  const list = useQuery(marketsQuery(exchange, useDeferredValue(q), currency));
  const prices = useQuery({ ...pricesQuery(exchange), enabled: list.data !== undefined });
  const rows = useMemo(() => {
    const bySymbol = new Map(prices.data?.items.map((one) => [one.symbol, one]));
    return list.data?.items.map(
      (market): PricedMarket => ({ market, price: bySymbol.get(market.symbol) }),
    );
  }, [list.data, prices.data]);
  if (list.error !== null)
    return <ProblemView error={list.error} onRetry={() => void list.refetch()} className="m-4" />;
  const shown = rows?.find(({ market }) => market.symbol === symbol) ?? rows?.[0];
  const total = list.data?.total ?? 0;
  const empty =
    q === "" ? (
      <EmptyState>{texts.empty}</EmptyState>
    ) : (
      <EmptyState action={<Button onClick={onClear}>{texts.clear}</Button>}>
        {texts.none}
      </EmptyState>
    );
  return (
    <div className="flex min-h-0 flex-1 flex-row-reverse max-sm:flex-col">
      <div className="flex min-h-0 min-w-0 flex-1 max-sm:h-[46dvh] max-sm:flex-none max-sm:border-b max-sm:border-line">
        {shown === undefined ? (
          rows === undefined && <Skeleton className="flex-1 rounded-none" />
        ) : (
          <LiveMarket key={shown.market.symbol} market={shown.market} price={shown.price} />
        )}
      </div>
      <div className="flex min-h-0 w-84 shrink-0 flex-col border-r border-line max-sm:w-full max-sm:shrink max-sm:flex-1 max-sm:border-r-0">
        <DataTable
          primary
          label={texts.title}
          columns={columns}
          rows={rows}
          rowKey={({ market }) => market.symbol}
          phoneRow={PhoneMarket}
          selected={shown?.market.symbol}
          onOpen={({ market }) => onSymbol(market.symbol)}
          empty={empty}
          className="flex-1"
        />
        {rows !== undefined && rows.length < total && (
          <p className="shrink-0 border-t border-line px-4 py-1.5 text-xs text-muted">
            {texts.more(count(rows.length), count(total))}
          </p>
        )}
      </div>
    </div>
  );
}
