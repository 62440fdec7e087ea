import { Fact, Facts, Hash, Part } from "../../../ui/facts.tsx";
import { count, duration, instantText, money, percent } from "../../../ui/format.ts";
import type { Stretch } from "../chart/selected.ts";
import { seriesName } from "../panel/candles-form.tsx";
import type { Shown } from "../result/shown.ts";
import { texts } from "../texts.ts";
import type { MarketCertificate, Workbench } from "../use-workbench.ts";
import { assumptionsOf } from "./assumptions.ts";
import { CheckPart } from "./check-part.tsx";
import { type Place, Places } from "./places.tsx";
import { PolicyRangePart } from "./policy-range.tsx";
import { RefusedLines } from "./refused-lines.tsx";
import { details } from "./texts.ts";
import { VerifyPart } from "./verify-part.tsx";

type TrustProps = Readonly<{
  workbench: Workbench;
  shown: Shown;
  notice: string;
  onStretch: (stretch: Stretch) => void;
}>;

/** What the result rests on: the candles, the run, what was assumed, and what other assumptions would have made of it. */
export function TrustTab({ workbench, shown, notice, onStretch }: TrustProps) {
  const t = details.trust;
  const { certificates, strategy, state } = workbench;
  const doubts = [...certificates.flatMap(doubtfulPlaces), ...unfundedPlaces(shown)].toSorted(
    (one, other) => one.from - other.from,
  );
  const doubtful = certificates.reduce(
    (sum, { gaps, impossible, jumps }) => sum + gaps + impossible + jumps,
    shown.funding?.gaps.length ?? 0,
  );
  return (
    <div className="grid gap-x-10 gap-y-5 p-4 text-sm lg:grid-cols-2 xl:grid-cols-3">
      <div className="grid min-w-0 content-start gap-5">
        <DataFacts shown={shown} source={sourceText(workbench.series)} />
        {doubts.length > 0 && (
          <Part title={t.doubts}>
            <Places places={doubts} total={doubtful} onStretch={onStretch} />
          </Part>
        )}
      </div>
      <div className="grid min-w-0 content-start gap-5">
        <RefusedLines shown={shown} />
        <ResultFacts
          shown={shown}
          version={strategy.version}
          quote={workbench.series?.quote ?? ""}
        />
        <VerifyPart workbench={workbench} shown={shown} />
        <CheckPart key={shown.fingerprint} workbench={workbench} />
      </div>
      <div className="grid min-w-0 content-start gap-5 max-xl:lg:col-span-2">
        <PolicyRangePart workbench={workbench} onStretch={onStretch} />
        <Part title={t.assumedTitle}>
          <ul className="grid list-disc gap-1 pl-4 text-muted">
            {assumptionsOf(state.settings, workbench.furtherMarkets).map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
          <p className="mt-3 border-l-2 border-amber pl-3">{notice}</p>
        </Part>
      </div>
    </div>
  );
}

function DataFacts({ shown: { data }, source }: { shown: Shown; source: string }) {
  const t = details.trust;
  return (
    <Facts title={t.dataTitle}>
      <Fact name={t.source}>{source}</Fact>
      <Fact name={t.candles}>{count(data.rows)}</Fact>
      <Fact name={t.range}>
        <span className="whitespace-nowrap">{instantText(data.firstMs, "UTC")} –</span>{" "}
        <span className="whitespace-nowrap">{instantText(data.lastMs, "UTC")} UTC</span>
      </Fact>
      <Fact name={t.gapsRow}>
        {data.gaps === 0 ? t.none : `${count(data.gaps)} (${count(data.missing)})`}
      </Fact>
      <Fact name={t.impossible}>{zero(data.impossible)}</Fact>
      <Fact name={t.jumpsRow}>{zero(data.jumps)}</Fact>
      <Fact name={t.revision}>
        <Hash value={data.revision} />
      </Fact>
    </Facts>
  );
}

type ResultProps = Readonly<{ shown: Shown; version: string; quote: string }>;

function ResultFacts({ shown, version, quote }: ResultProps) {
  const t = details.trust;
  const elapsed = duration(shown.elapsedMs);
  const receipt = shown.report?.receipt;
  return (
    <Facts title={t.resultTitle}>
      <Fact name={t.fingerprint}>
        <Hash value={shown.fingerprint} />
      </Fact>
      <Fact name={t.computed}>
        {shown.origin === "browser" ? t.inBrowser(elapsed) : t.onServer(elapsed)}
      </Fact>
      <Fact name={t.gapsTouched}>{gapsTouched(shown, quote)}</Fact>
      <Fact name={t.ambiguousRow}>{zero(shown.ambiguousCandles)}</Fact>
      <Fact name={t.rejected}>{rejections(shown)}</Fact>
      {shown.liquidations !== undefined && shown.liquidationDistance != null && (
        <>
          <Fact name={t.liquidations}>{zero(shown.liquidations)}</Fact>
          <Fact name={t.liquidationDistance} title={t.liquidationHelp}>
            {percent(shown.liquidationDistance, { decimals: 2 })}
          </Fact>
        </>
      )}
      {shown.funding && <Fact name={t.funding}>{fundingText(shown.funding, quote)}</Fact>}
      <Fact name={t.warmup}>{count(shown.warmup)}</Fact>
      <Fact name={t.engine}>{shown.engineVersion}</Fact>
      <Fact name={t.version}>
        <Hash value={version} />
      </Fact>
      {receipt && (
        <Fact name={t.inputs} title={t.inputsHelp}>
          <Hash value={receipt.inputs} />
        </Fact>
      )}
    </Facts>
  );
}

const zero = (value: number) => (value === 0 ? details.trust.none : count(value));

/** How many trades met a gap, and what they made: a result that hangs on them is worth little. */
function gapsTouched({ tradesTouchingGaps, report }: Shown, quote: string): string {
  const profit = report ? ` (${money(report.gapProfit, { sign: true, unit: quote })})` : "";
  return tradesTouchingGaps === 0 ? details.trust.none : `${count(tradesTouchingGaps)}${profit}`;
}

type Funding = NonNullable<Shown["funding"]>;

function fundingText({ total, payments, missing }: Funding, quote: string): string {
  const sum = money(total, { sign: true, unit: quote });
  const paid = details.trust.payments(count(payments), sum);
  return missing === 0 ? paid : `${paid}, ${details.trust.missing(count(missing))}`;
}

function rejections({ rejectedOrders }: Shown): string {
  const causes = Object.entries(rejectedOrders);
  if (causes.length === 0) return details.trust.none;
  return causes.map(([cause, times]) => `${count(times)} ${cause.replaceAll("-", " ")}`).join(", ");
}

function sourceText(series: Workbench["series"]): string {
  if (!series) return "";
  return series.source === "synthetic" ? texts.synthetic : seriesName(series);
}

/** Where a series of funding has none: what was held then paid nothing. */
const unfundedPlaces = ({ funding }: Shown): Place[] =>
  (funding?.gaps ?? []).map(({ fromMs, toMs, missing }) => ({
    key: `funding ${fromMs}`,
    from: fromMs,
    to: toMs,
    text: details.trust.unfundedPlace(count(missing)),
  }));

/** Everything the certificate of a market found. */
function doubtfulPlaces({ market, gapList, impossibleList, jumpList }: MarketCertificate): Place[] {
  const t = details.trust;
  const place = (from: number, to: number, what: string): Place => {
    const text = market === undefined ? what : `${market}: ${what}`;
    return { key: `${from} ${text}`, from, to, market, text };
  };
  return [
    ...gapList.map(({ fromMs, toMs, candles }) => place(fromMs, toMs, t.gapPlace(count(candles)))),
    ...impossibleList.map(({ atMs, why }) => place(atMs, atMs, why)),
    ...jumpList.map(({ atMs, change }) =>
      place(atMs, atMs, t.jumpPlace(percent(change, { sign: true }))),
    ),
  ];
}
