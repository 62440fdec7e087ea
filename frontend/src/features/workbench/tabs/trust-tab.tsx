import type { ReactNode } from "react";
import { count, duration, instantText } from "../../../ui/format.ts";
import type { Shown } from "../result/shown.ts";
import { texts } from "../texts.ts";

type TrustProps = Readonly<{ shown: Shown; version: string; source: string; notice: string }>;

/** What the result rests on: the candles, the run, and what was assumed. */
export function TrustTab({ shown, version, source, notice }: TrustProps) {
  const t = texts.trust;
  const { data } = shown;
  const elapsed = duration(shown.elapsedMs);
  return (
    <div className="grid gap-x-10 gap-y-5 p-4 text-sm md:grid-cols-2 xl:grid-cols-3">
      <Facts title={t.dataTitle}>
        <Fact name={t.source}>{source}</Fact>
        <Fact name={t.candles}>{count(data.rows)}</Fact>
        <Fact name={t.range}>
          {instantText(data.firstMs, "UTC")} – {instantText(data.lastMs, "UTC")} UTC
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
      <Facts title={t.resultTitle}>
        <Fact name={t.fingerprint}>
          <Hash value={shown.fingerprint} />
        </Fact>
        <Fact name={t.computed}>
          {shown.origin === "browser" ? t.inBrowser(elapsed) : t.onServer(elapsed)}
        </Fact>
        <Fact name={t.gapsTouched}>{zero(shown.tradesTouchingGaps)}</Fact>
        <Fact name={t.ambiguousRow}>{zero(shown.ambiguousCandles)}</Fact>
        <Fact name={t.rejected}>{rejections(shown)}</Fact>
        <Fact name={t.warmup}>{count(shown.warmup)}</Fact>
        <Fact name={t.engine}>{shown.engineVersion}</Fact>
        <Fact name={t.version}>
          <Hash value={version} />
        </Fact>
      </Facts>
      <section className="max-xl:md:col-span-2">
        <h3 className="mb-1.5 font-semibold">{t.assumedTitle}</h3>
        <ul className="grid list-disc gap-1 pl-4 text-muted">
          {t.assumptions.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
        <p className="mt-3 border-l-2 border-amber pl-3">{notice}</p>
      </section>
    </div>
  );
}

const zero = (value: number) => (value === 0 ? texts.trust.none : count(value));

function rejections({ rejectedOrders }: Shown): string {
  const causes = Object.entries(rejectedOrders);
  if (causes.length === 0) return texts.trust.none;
  return causes.map(([cause, times]) => `${count(times)} ${cause.replaceAll("-", " ")}`).join(", ");
}

function Facts({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-1.5 font-semibold">{title}</h3>
      <dl>{children}</dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-6 items-baseline justify-between gap-4 border-b border-line py-1">
      <dt className="shrink-0 text-muted">{name}</dt>
      <dd className="min-w-0 text-right">{children}</dd>
    </div>
  );
}

const Hash = ({ value }: { value: string }) => (
  <code title={value} className="font-mono text-xs">
    {shortHash(value)}
  </code>
);

/** The first sixteen digits of a hash in groups of four: enough to compare by eye. */
export const shortHash = (value: string): string =>
  (value.slice(0, 16).match(/.{1,4}/g) ?? [value]).join("·");
