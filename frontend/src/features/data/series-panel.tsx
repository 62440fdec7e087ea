import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Market, SeriesDetail } from "@trading/contracts/market-data";
import { Download, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { ask, saveFile } from "../../api/client.ts";
import { problemOf } from "../../api/problem.ts";
import { seriesQuery } from "../../api/queries.ts";
import { Link } from "../../router/router.tsx";
import { Button, buttonClass } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { Skeleton } from "../../ui/feedback.tsx";
import { bytes, count, number, percent } from "../../ui/format.ts";
import { ProblemView } from "../../ui/problem-view.tsx";
import { SidePanel } from "../../ui/side-panel.tsx";
import { TimeText } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { CertificateLists } from "./certificate-lists.tsx";
import { SourceChip } from "./series-table.tsx";
import { texts } from "./texts.ts";
import { Timeline } from "./timeline.tsx";

const words = texts.panel;

/** One series: its certificate as a picture and as lists, its rules, and what can be done with it. */
export function SeriesPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const series = useQuery(seriesQuery(id));
  const one = series.data;
  return (
    <SidePanel
      wide
      label={words.certificate}
      title={one === undefined ? <Skeleton className="h-4 w-32" /> : <Title series={one} />}
      onClose={onClose}
      footer={one && <Actions series={one} onClose={onClose} />}
    >
      {series.error !== null && (
        <ProblemView error={series.error} onRetry={() => void series.refetch()} className="m-4" />
      )}
      {one === undefined ? (
        series.error === null && <Skeleton className="m-4 h-40" />
      ) : (
        <Content series={one} />
      )}
    </SidePanel>
  );
}

const Title = ({ series }: { series: SeriesDetail }) => (
  <span className="flex flex-wrap items-center gap-2">
    <h2 className="text-lg font-semibold">{series.symbol}</h2>
    <span className="text-muted">{series.timeframe}</span>
    <SourceChip series={series} />
  </span>
);

function Content({ series }: { series: SeriesDetail }) {
  const { certificate } = series;
  const isClean = certificate.gaps + certificate.impossible + certificate.jumps === 0;
  return (
    <>
      <p className="flex items-center gap-2 border-b border-line px-4 py-2">
        <span
          aria-hidden="true"
          className={`size-2 shrink-0 rounded-full ${isClean ? "bg-up-fill" : "bg-amber"}`}
        />
        {isClean
          ? words.clean
          : words.flawed(
              certificate.gaps,
              certificate.missing,
              certificate.impossible,
              certificate.jumps,
            )}
      </p>
      <dl className="grid grid-cols-3 gap-x-4 gap-y-2 px-4 pt-3">
        <Figure label={words.figures.rows}>{count(certificate.rows)}</Figure>
        <Figure label={words.figures.missing} amber={certificate.missing > 0}>
          {count(certificate.missing)}
        </Figure>
        <Figure label={words.figures.duplicates}>{count(certificate.duplicates)}</Figure>
        <Figure label={words.figures.impossible} amber={certificate.impossible > 0}>
          {count(certificate.impossible)}
        </Figure>
        <Figure label={words.figures.jumps} amber={certificate.jumps > 0}>
          {count(certificate.jumps)}
        </Figure>
        <Figure label={words.figures.quiet}>{count(certificate.zeroVolumeStretches)}</Figure>
      </dl>
      <Timeline series={series} />
      <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 border-t border-line px-4 pt-3 text-sm">
        <Fact label={words.facts.range}>
          <TimeText at={certificate.first} zone={false} /> → <TimeText at={certificate.last} />
        </Fact>
        <Fact label={words.facts.timeframes}>{series.timeframes.join(" ")}</Fact>
        <Fact label={words.facts.stored}>{bytes(series.bytes)}</Fact>
        <Fact label={words.facts.revision}>
          {words.revisionText(series.revision)} · <TimeText at={series.updatedAt} />
        </Fact>
        <Fact label={words.facts.rules}>{rules(series.market)}</Fact>
      </dl>
      <CertificateLists certificate={certificate} />
    </>
  );
}

const Figure = ({
  label,
  amber = false,
  children,
}: {
  label: string;
  amber?: boolean;
  children: ReactNode;
}) => (
  <div>
    <dt className="text-xs text-muted">{label}</dt>
    <dd className={`text-lg font-semibold ${amber ? "text-amber" : ""}`}>{children}</dd>
  </div>
);

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <>
    <dt className="text-muted">{label}</dt>
    <dd className="text-right">{children}</dd>
  </>
);

function rules(market: Market | null): string {
  const { tick, lot, min, fees, unknown } = words.rules;
  const plain = (value: number) =>
    number(value, {
      decimals: Math.min(10, (value.toFixed(10).replace(/0+$/, "").split(".")[1] ?? "").length),
    });
  const parts = [
    market?.tick != null ? `${tick} ${plain(market.tick)}` : null,
    market?.lot != null ? `${lot} ${plain(market.lot)}` : null,
    market?.notionalMin != null ? `${min} ${plain(market.notionalMin)} ${market.quote}` : null,
    market?.makerFee != null && market.takerFee != null
      ? `${fees} ${percent(market.makerFee, { decimals: 3 })} / ${percent(market.takerFee, { decimals: 3 })}`
      : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? unknown : parts.join(" · ");
}

function Actions({ series, onClose }: { series: SeriesDetail; onClose: () => void }) {
  const [asking, setAsking] = useState(false);
  const name = `${series.symbol} ${series.timeframe}`;
  const save = () =>
    saveFile(`/series/${series.id}/candles.csv`, `${name.replaceAll(/[^\w-]+/g, "-")}.csv`);
  return (
    <>
      <Link to="/workbench" search={{ series: series.id }} className={buttonClass("primary")}>
        {words.open}
      </Link>
      <Button
        icon={<Download size={14} />}
        onClick={() =>
          save().catch((error: unknown) => toast(problemOf(error).detail, { tone: "bad" }))
        }
      >
        {words.csv}
      </Button>
      {series.mine && (
        <Button className="ml-auto" icon={<Trash2 size={14} />} onClick={() => setAsking(true)}>
          {words.remove}
        </Button>
      )}
      {asking && (
        <Removal series={series} name={name} onClose={() => setAsking(false)} onRemoved={onClose} />
      )}
    </>
  );
}

type RemovalProps = Readonly<{
  series: SeriesDetail;
  name: string;
  onClose: () => void;
  onRemoved: () => void;
}>;

function Removal({ series, name, onClose, onRemoved }: RemovalProps) {
  const client = useQueryClient();
  const removal = useMutation({
    mutationFn: () => ask("nothing", `/series/${series.id}`, { method: "DELETE" }),
    onSuccess: () => {
      toast(texts.removal.done(name));
      onRemoved();
      client.removeQueries({ queryKey: ["series", series.id] });
      void client.invalidateQueries({ queryKey: ["series"] });
    },
  });
  return (
    <ConfirmDialog
      title={texts.removal.title(name)}
      action={texts.removal.action}
      cancel={texts.removal.cancel}
      busy={removal.isPending}
      onConfirm={() => removal.mutate()}
      onClose={onClose}
    >
      <p>{texts.removal.text(count(series.rows))}</p>
      {removal.error !== null && <ProblemView error={removal.error} className="mt-3" />}
    </ConfirmDialog>
  );
}
