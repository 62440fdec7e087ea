import type { PolicyRange } from "@trading/engine";
import { Part } from "../../../ui/facts.tsx";
import { count, number, percent, priceDecimals } from "../../../ui/format.ts";
import { PlainTable } from "../../../ui/plain-table.tsx";
import { settingTexts } from "../../../ui/setting-words.ts";
import type { Column } from "../../../ui/table.tsx";
import type { Stretch } from "../chart/selected.ts";
import { texts } from "../texts.ts";
import { useExplanation } from "../use-explanation.ts";
import type { Workbench } from "../use-workbench.ts";
import { NotExplained } from "./not-explained.tsx";
import { type Place, Places } from "./places.tsx";
import { reasonText } from "./reason-text.ts";
import { details } from "./texts.ts";

type RangeProps = Readonly<{ workbench: Workbench; onStretch: (stretch: Stretch) => void }>;

/** The same backtest under the other ways to read a candle, and the candles that make the difference. */
export function PolicyRangePart({ workbench, onStretch }: RangeProps) {
  const t = details.trust;
  const explained = useExplanation(workbench, true);
  const range = explained.explained?.policyRange ?? null;
  if (!range) {
    return (
      <Part title={t.policies}>
        <NotExplained explained={explained} reason={undefined} />
      </Part>
    );
  }
  const own = range.runs[0]?.policy;
  return (
    <>
      <Part title={t.policies}>
        <PlainTable
          label={t.policies}
          columns={columnsOf(own)}
          rows={range.runs}
          rowKey={({ policy }) => policy}
        />
        <p className="mt-2 text-xs text-muted">{range.parting === 0 ? t.allAlike : t.noBound}</p>
      </Part>
      {range.parting > 0 && (
        <Part title={t.deciding(count(range.parting))}>
          <Places
            places={placesOf(range, tickOf(workbench))}
            total={range.parting}
            onStretch={onStretch}
          />
        </Part>
      )}
    </>
  );
}

/** The tick of the one market; null where there are several. */
const tickOf = ({ furtherMarkets, set }: Workbench): number | null =>
  furtherMarkets > 0 ? null : (set?.market.tick ?? null);

const placesOf = (range: PolicyRange, tick: number | null): Place[] =>
  range.partingAt.map((at, i) => {
    const lines = (range.partingFills?.[i] ?? []).map(({ policy, fills }) => ({
      name: settingTexts.fillPolicy[policy],
      text: fillsText(fills, tick),
    }));
    const market = range.partingMarkets?.[i];
    const key = `${at} ${market}`;
    return { key, from: at, to: at, market, text: market ?? "", lines };
  });

type Filled = NonNullable<PolicyRange["partingFills"]>[number][number]["fills"];

const fillsMax = 4;

/** Such as "sold at 98.00 (stop)"; the first few where there are many. */
function fillsText(fills: Filled, tick: number | null): string {
  const t = details.trust;
  const told = fills.slice(0, fillsMax).map(({ side, price, reason }) => {
    const at = number(price, { decimals: priceDecimals(tick, price) });
    return t.filled[side](at, reasonText(reason));
  });
  if (fills.length > fillsMax) told.push(t.moreFills(count(fills.length - fillsMax)));
  return told.length === 0 ? t.filledNothing : told.join(", ");
}

type PolicyRun = PolicyRange["runs"][number];

const columnsOf = (own: PolicyRun["policy"] | undefined): readonly Column<PolicyRun>[] => [
  {
    id: "policy",
    header: details.trust.policy,
    cell: ({ policy }) => (
      <span className={policy === own ? "font-semibold" : ""}>
        {settingTexts.fillPolicy[policy]}
        {policy === own && <span className="text-accent"> ● </span>}
        {policy === own && <span className="sr-only">{details.trust.ownPolicy}</span>}
      </span>
    ),
  },
  {
    id: "net",
    header: `${texts.figures.net} %`,
    align: "right",
    cell: ({ netProfitShare }) => percent(netProfitShare, { sign: true, decimals: 2, unit: false }),
  },
  {
    id: "drawdown",
    header: details.trust.drawdown,
    align: "right",
    cell: ({ maxDrawdown }) => percent(maxDrawdown, { decimals: 2, unit: false }),
  },
  {
    id: "trades",
    header: texts.figures.trades,
    align: "right",
    cell: ({ closedTrades }) => count(closedTrades),
  },
];
