import { number, percent } from "../../../ui/format.ts";
import { metricOf, type Shown } from "../result/shown.ts";
import { texts } from "../texts.ts";
import { breakEvenFee, tradedNotional } from "./breakdown.ts";

type CostsProps = Readonly<{ shown: Shown; quote: string; capital: number }>;

/** What trading cost, and at which fee the same trades would earn nothing. */
export function CostsTab({ shown, quote, capital }: CostsProps) {
  const t = texts.costs;
  const fees = metricOf(shown, "fees") ?? 0;
  const slippage = metricOf(shown, "slippage") ?? 0;
  const net = metricOf(shown, "netProfit") ?? 0;
  const traded = tradedNotional(shown.trades ?? []);
  const fee = breakEvenFee(net, fees, traded);
  const rows = [
    { name: t.before, value: net + fees + slippage, sign: true },
    { name: t.fees, value: -fees, sign: true },
    { name: t.slippage, value: -slippage, sign: true },
    { name: t.net, value: net, sign: true },
    { name: t.traded, value: traded, sign: false },
  ];
  return (
    <table className="m-4 w-full max-w-130 border-collapse text-sm">
      <thead>
        <tr className="h-6 text-xs text-muted">
          <th />
          <th className="text-right font-medium">{quote}</th>
          <th className="text-right font-medium">% {t.ofCapital}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, value, sign }) => (
          <tr key={name} className="h-7 border-t border-line">
            <th scope="row" className="text-left font-normal text-muted">
              {name}
            </th>
            <td className="text-right">{number(value, { sign })}</td>
            <td className="text-right text-muted">
              {percent(value / capital, { decimals: 2, sign, unit: false })}
            </td>
          </tr>
        ))}
        <tr className="h-7 border-t border-line" title={t.breakEvenHelp}>
          <th scope="row" className="text-left font-normal text-muted">
            {t.breakEven}
          </th>
          <td colSpan={2} className="text-right">
            {fee === null ? t.unprofitable : percent(fee, { decimals: 3 })}
          </td>
        </tr>
      </tbody>
    </table>
  );
}
