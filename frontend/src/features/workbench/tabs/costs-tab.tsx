import type { RunExplanation } from "@trading/engine";
import { type Bar, BarChart } from "../../../ui/charts/bar-chart.tsx";
import { Fact, Facts, Part } from "../../../ui/facts.tsx";
import { number, percent } from "../../../ui/format.ts";
import { PlainTable } from "../../../ui/plain-table.tsx";
import { costsOf } from "../result/costs.ts";
import { metricOf, type Shown } from "../result/shown.ts";
import { texts } from "../texts.ts";
import { useExplanation } from "../use-explanation.ts";
import type { Workbench } from "../use-workbench.ts";
import { breakEvenFee, tradedNotional } from "./break-even.ts";
import { noTrades } from "./no-trades.ts";
import { NotExplained } from "./not-explained.tsx";
import { details } from "./texts.ts";

type Waterfall = NonNullable<RunExplanation["waterfall"]>;

type CostsProps = Readonly<{ workbench: Workbench; shown: Shown; quote: string }>;

/** What trading cost on the way from gross to net, and at which fee the same trades would earn nothing. */
export function CostsTab({ workbench, shown, quote }: CostsProps) {
  const t = details.costs;
  const { capital } = workbench.state.settings;
  const fees = metricOf(shown, "fees") ?? 0;
  const net = metricOf(shown, "netProfit") ?? 0;
  const slippage = metricOf(shown, "slippage") ?? 0;
  const explained = useExplanation(workbench, shown.tradeCount > 0);
  const kept = shown.explanation ?? null;
  const explanation = kept ?? explained.explained?.explanation ?? null;
  const waterfall = explanation?.waterfall ?? null;
  const traded = tradedNotional(shown.trades ?? []);
  const fee = breakEvenFee(net, fees, traded);
  const noFee = traded === 0 ? texts.missing : t.unprofitable;
  if (shown.tradeCount === 0) return <p className="p-4 text-sm text-muted">{noTrades(shown)}</p>;
  return (
    <div className="grid gap-x-8 gap-y-5 p-4 text-sm lg:grid-cols-2 xl:grid-cols-3">
      <Part title={`${t.waterfall}, ${quote}`}>
        {waterfall ? (
          <WaterfallChart waterfall={waterfall} quote={quote} />
        ) : (
          <NotExplained explained={explained} reason={explanation?.reasons.waterfall} />
        )}
      </Part>
      {waterfall && (
        <Part title={t.table}>
          <WaterfallTable waterfall={waterfall} quote={quote} capital={capital} />
          <p className="mt-2 text-xs text-muted">{t.waterfallHelp}</p>
        </Part>
      )}
      <div className="min-w-0">
        <Facts title={t.facts}>
          <Fact name={t.fees}>{`${number(fees)} ${quote}`}</Fact>
          <Fact name={t.slippage}>{`${number(slippage)} ${quote}`}</Fact>
          {shown.funding && (
            <Fact name={shown.funding.total > 0 ? t.fundingReceived : t.fundingPaid}>
              {`${number(Math.abs(shown.funding.total))} ${quote}`}
            </Fact>
          )}
          <Fact name={t.inAll}>{`${number(costsOf(shown))} ${quote}`}</Fact>
          <Fact name={t.traded}>{`${number(traded)} ${quote}`}</Fact>
          <Fact name={t.breakEven} title={t.breakEvenHelp}>
            {fee === null ? noFee : percent(fee, { decimals: 3 })}
          </Fact>
        </Facts>
        {waterfall && differs(waterfall, fees) && (
          <p className="mt-2 text-xs text-muted">{t.stepsDiffer}</p>
        )}
      </div>
    </div>
  );
}

/** Whether the step of fees says something else than what was paid. */
const differs = ({ steps }: Waterfall, fees: number): boolean =>
  steps.some(({ kind, amount }) => kind === "fees" && Math.abs(amount + fees) > fees / 1_000);

/** From gross to net: each cost floats where those before it left off. */
function WaterfallChart({ waterfall, quote }: { waterfall: Waterfall; quote: string }) {
  const t = details.costs;
  const money = (value: number) => `${number(value, { sign: true })} ${quote}`;
  let height = waterfall.gross;
  const steps = waterfall.steps
    .filter(({ isUsed }) => isUsed)
    .map(({ kind, amount }): Bar => {
      const from = height;
      height += amount;
      return { key: kind, label: t.steps[kind], from, to: height, text: money(amount) };
    });
  const ends = { gross: waterfall.gross, net: waterfall.net } as const;
  const end = (key: keyof typeof ends): Bar => ({
    key,
    label: t[key],
    to: ends[key],
    text: money(ends[key]),
    tone: "plain",
  });
  return (
    <BarChart
      label={t.waterfallLabel(money(ends.gross), money(ends.net))}
      bars={[end("gross"), ...steps, end("net")]}
      format={(value) => number(value, { decimals: Math.abs(ends.gross) < 10 ? 2 : 0 })}
    />
  );
}

type TableProps = Readonly<{ waterfall: Waterfall; quote: string; capital: number }>;

function WaterfallTable({ waterfall: { gross, steps, net }, quote, capital }: TableProps) {
  const t = details.costs;
  const rows = [
    { key: "gross", name: t.gross, amount: gross, isUsed: true },
    ...steps.map((step) => ({ ...step, key: step.kind as string, name: t.steps[step.kind] })),
    { key: "net", name: t.net, amount: net, isUsed: true },
  ];
  return (
    <PlainTable
      label={t.waterfall}
      rows={rows}
      rowKey={({ key }) => key}
      columns={[
        { id: "name", header: t.step, cell: ({ name }) => name },
        {
          id: "amount",
          header: quote,
          align: "right",
          cell: ({ amount, isUsed }) =>
            isUsed ? (
              number(amount, { sign: true })
            ) : (
              <span className="text-muted">{t.unused}</span>
            ),
        },
        {
          id: "share",
          header: t.ofCapital,
          align: "right",
          cell: ({ amount, isUsed }) =>
            isUsed && percent(amount / capital, { decimals: 2, sign: true, unit: false }),
        },
      ]}
    />
  );
}
