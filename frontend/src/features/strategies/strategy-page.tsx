import { useQuery } from "@tanstack/react-query";
import type { StrategyView } from "@trading/contracts/strategies";
import { Copy } from "lucide-react";
import { useState } from "react";
import { strategyQuery, strategySourceQuery } from "../../api/queries.ts";
import { BackLink } from "../../router/back-link.tsx";
import { Link, pageAddress } from "../../router/router.tsx";
import { Button, buttonClass } from "../../ui/button.tsx";
import { Chip, Skeleton } from "../../ui/feedback.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { useTabTitle } from "../../ui/tab-title.ts";
import { Tabs } from "../../ui/tabs.tsx";
import { TimeText } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { describeParameter, timeframesText } from "./describe-parameter.ts";
import { RiskChip } from "./strategies-page.tsx";
import { texts } from "./texts.ts";

const route = pageAddress("/strategies/$name", () => ({}));

/** One strategy: what it does, its parameters, its source and its version. */
export function StrategyPage() {
  const { name } = route.useParams();
  const strategy = useQuery(strategyQuery(name));
  useTabTitle(strategy.data?.title ?? texts.title);
  const [tab, setTab] = useState<"about" | "source">("about");
  if (strategy.error !== null)
    return (
      <div className="m-4 grid gap-2">
        <BackLink to="/strategies">{texts.back}</BackLink>
        <ProblemView error={strategy.error} onRetry={() => void strategy.refetch()} />
      </div>
    );
  if (strategy.data === undefined) return <Loading />;
  const one = strategy.data;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="grid shrink-0 gap-1 px-4 pt-2 pb-3 max-sm:px-3">
        <BackLink to="/strategies">{texts.back}</BackLink>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <h1 className="text-xl font-semibold">{one.title}</h1>
          <RiskChip risk={one.risk} />
          <Chip>{one.category}</Chip>
          <span className="text-sm text-muted">{timeframesText(one)}</span>
          <Link
            to="/workbench"
            search={{ strategy: one.name }}
            className={`${buttonClass("primary")} max-sm:w-full sm:ml-auto`}
          >
            {texts.open}
          </Link>
        </div>
        <p className="max-w-[80ch] text-muted">{one.description}</p>
        <p className="text-sm text-muted">
          {texts.version}{" "}
          <code className="font-mono" title={one.version}>
            {one.version.slice(0, 12)}
          </code>{" "}
          · <TimeText at={one.versionAt} /> · {one.shipped ? texts.shipped : texts.own}
        </p>
        {one.problem !== null && <BrokenFile problem={one.problem} />}
      </header>
      <Tabs
        label={one.title}
        value={tab}
        onChange={setTab}
        tabs={[
          { name: "about", label: texts.tabs.about },
          { name: "source", label: texts.tabs.source },
        ]}
        className="flex-1 border-t border-line"
      >
        {tab === "about" ? <About strategy={one} /> : <Source strategy={one} />}
      </Tabs>
    </div>
  );
}

const Loading = () => (
  <div className="grid gap-3 p-4">
    <Skeleton className="h-5 w-64" />
    <Skeleton className="h-3 w-96" />
    <Skeleton className="h-48 w-full" />
  </div>
);

const BrokenFile = ({ problem }: { problem: NonNullable<StrategyView["problem"]> }) => (
  <p className="border-l-2 border-amber bg-panel px-3 py-2 text-sm">
    {texts.broken}{" "}
    <code className="font-mono">
      {problem.file}
      {problem.line !== null && `:${problem.line}`}
    </code>{" "}
    {problem.message}
  </p>
);

const About = ({ strategy }: { strategy: StrategyView }) => (
  <div className="grid gap-6 p-4 max-sm:p-3 xl:grid-cols-[minmax(0,1fr)_minmax(0,46ch)] xl:gap-10">
    <div className="grid min-w-0 content-start gap-6">
      <ParameterTable strategy={strategy} />
      <Presets presets={strategy.presets ?? []} />
    </div>
    <div className="grid max-w-[76ch] content-start gap-3">
      {strategy.documentation.split(/\n\s*\n/).map((paragraph) => (
        <p key={paragraph} className="whitespace-pre-line">
          {paragraph}
        </p>
      ))}
    </div>
  </div>
);

function Presets({ presets }: { presets: NonNullable<StrategyView["presets"]> }) {
  if (presets.length === 0) return null;
  return (
    <section className="text-sm">
      <h2 className="border-b border-line pb-1 text-xs font-medium">{texts.presets}</h2>
      <dl>
        {presets.map(({ title, description, leverage }) => (
          <div key={title} className="border-b border-line py-2">
            <dt className="font-medium">
              {title}{" "}
              <span className="ml-1 text-xs font-normal text-muted">
                {texts.contract(leverage)}
              </span>
            </dt>
            <dd className="max-w-[60ch] text-muted">{description}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function ParameterTable({ strategy }: { strategy: StrategyView }) {
  const parameters = Object.entries(strategy.parameters);
  if (parameters.length === 0) return <p className="text-muted">{texts.noParameters}</p>;
  const head = "h-7 px-2 text-right font-medium first:pl-0 first:text-left max-sm:last:hidden";
  return (
    <div className="min-w-0 content-start overflow-x-auto">
      <table className="w-full border-collapse text-sm">
        <thead className="border-b border-line text-xs text-muted">
          <tr>
            <th className={head}>{texts.table.parameter}</th>
            <th className={head}>{texts.table.initial}</th>
            <th className={head}>{texts.table.range}</th>
            <th className={head}>{texts.table.step}</th>
          </tr>
        </thead>
        <tbody>
          {parameters.map(([name, parameter]) => {
            const { initial, range, step } = describeParameter(parameter);
            return (
              <tr key={name} className="border-b border-line">
                <td className="py-2 pr-2">
                  <span className="font-medium">{parameter.label}</span>{" "}
                  <code className="ml-1 font-mono text-xs text-muted">{name}</code>
                  <p className="max-w-[60ch] text-muted">{parameter.help}</p>
                </td>
                <td className="px-2 text-right whitespace-nowrap">{initial}</td>
                <td className="px-2 text-right whitespace-nowrap text-muted max-sm:whitespace-normal">
                  {range}
                </td>
                <td className="px-2 text-right whitespace-nowrap text-muted max-sm:hidden">
                  {step}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Source({ strategy }: { strategy: StrategyView }) {
  const source = useQuery(strategySourceQuery(strategy.name, strategy.version));
  if (source.error !== null)
    return (
      <ProblemView error={source.error} onRetry={() => void source.refetch()} className="m-4" />
    );
  const lines = source.data?.source.replace(/\n$/, "").split("\n");
  if (lines === undefined) return <Skeleton className="m-4 h-64" />;
  const copy = async () => {
    await navigator.clipboard.writeText(lines.join("\n"));
    toast(texts.copied);
  };
  return (
    <div className="relative min-h-full bg-panel">
      <Button
        small
        className="absolute top-2 right-4"
        icon={<Copy size={13} />}
        onClick={() => void copy()}
      >
        {texts.copy}
      </Button>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <pre tabIndex={0} className="overflow-x-auto py-3 font-mono text-sm leading-4.5">
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of one frozen version never move.
          <div key={index} className="flex">
            <span
              aria-hidden="true"
              className="w-12 shrink-0 pr-4 text-right text-muted select-none"
            >
              {index + 1}
            </span>
            <code>{line}</code>
          </div>
        ))}
      </pre>
    </div>
  );
}
