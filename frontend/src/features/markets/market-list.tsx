import type { MarketPrice } from "@trading/contracts/live-markets";
import type { Market } from "@trading/contracts/market-data";
import { cx } from "../../ui/cx.ts";
import { missing, number, percent, priceDecimals } from "../../ui/format.ts";
import type { Column } from "../../ui/table.tsx";
import { texts } from "./texts.ts";

/** A market with its price, where the exchange tells it. */
export type PricedMarket = Readonly<{ market: Market; price: MarketPrice | undefined }>;

export const columns: readonly Column<PricedMarket>[] = [
  {
    id: "market",
    header: texts.columns.market,
    width: "minmax(120px,1fr)",
    hidable: false,
    cell: ({ market }) => <span className="font-medium">{market.symbol}</span>,
  },
  {
    id: "last",
    header: texts.columns.last,
    width: "104px",
    align: "right",
    cell: (one) => lastText(one),
  },
  {
    id: "change",
    header: texts.columns.change,
    width: "80px",
    align: "right",
    cell: ({ price }) => <ChangeText change={price?.change} />,
  },
];

/** A market on a phone: name and price above, kind and change below. */
export const PhoneMarket = (one: PricedMarket) => (
  <div className="grid h-full grid-cols-[1fr_auto] content-center gap-x-3 gap-y-0.5">
    <span className="truncate text-base font-medium">{one.market.symbol}</span>
    <span className="text-right text-base tabular-nums">{lastText(one)}</span>
    <span className="text-muted">
      {one.market.contract === "spot" ? one.market.base : texts.perpetual}
    </span>
    <span className="text-right">
      <ChangeText change={one.price?.change} />
    </span>
  </div>
);

const lastText = ({ market, price }: PricedMarket): string =>
  price === undefined
    ? missing
    : number(price.last, { decimals: priceDecimals(market.tick, price.last) });

/** The change of a day with its sign, in the colour of its direction. */
export function ChangeText({ change }: { change: number | null | undefined }) {
  const tone = !change ? "text-muted" : change > 0 ? "text-up" : "text-down";
  return (
    <span className={cx("tabular-nums", tone)}>{percent(change, { decimals: 2, sign: true })}</span>
  );
}
