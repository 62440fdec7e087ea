import type { Certificate } from "@trading/contracts/market-data";
import { type ReactNode, useState } from "react";
import { percent } from "../../ui/format.ts";
import { Tabs } from "../../ui/tabs.tsx";
import { TimeText } from "../../ui/time.tsx";
import { texts } from "./texts.ts";

const words = texts.panel;
type Name = "gaps" | "impossible" | "jumps" | "quiet";
type Line = Readonly<{ key: string; at: ReactNode; what: ReactNode }>;

/** The flaws of a series one by one, as its certificate lists them. */
export function CertificateLists({ certificate }: { certificate: Certificate }) {
  const counts = {
    gaps: certificate.gaps,
    impossible: certificate.impossible,
    jumps: certificate.jumps,
    quiet: certificate.zeroVolumeStretches,
  };
  const names = ["gaps", "impossible", "jumps", "quiet"] as const;
  const [tab, setTab] = useState<Name>(names.find((name) => counts[name] > 0) ?? "gaps");
  const lines = linesOf(certificate, tab);
  return (
    <Tabs
      label={words.certificate}
      value={tab}
      onChange={setTab}
      tabs={names.map((name) => ({ name, label: words.lists[name], count: counts[name] }))}
      className="mt-3 border-t border-line"
    >
      {lines.length === 0 && <p className="px-4 py-3 text-sm text-muted">{words.nothing[tab]}</p>}
      <ul>
        {lines.map((line) => (
          <li
            key={line.key}
            className="flex min-h-7 items-center gap-3 border-b border-line px-4 py-1 text-sm"
          >
            <span>{line.at}</span>
            <span className="ml-auto text-right text-muted">{line.what}</span>
          </li>
        ))}
      </ul>
      {counts[tab] > lines.length && (
        <p className="px-4 py-2 text-xs text-muted">{words.cut(lines.length)}</p>
      )}
    </Tabs>
  );
}

function linesOf(certificate: Certificate, name: Name): readonly Line[] {
  switch (name) {
    case "gaps":
      return certificate.gapList.map(stretchLine);
    case "quiet":
      return certificate.zeroVolumeList.map(stretchLine);
    case "impossible":
      return certificate.impossibleList.map((one) => ({
        key: one.at,
        at: <TimeText at={one.at} />,
        what: one.why,
      }));
    case "jumps":
      return certificate.jumpList.map((one) => ({
        key: one.at,
        at: <TimeText at={one.at} />,
        what: (
          <span className={one.change > 0 ? "text-up" : "text-down"}>
            {percent(one.change, { sign: true })}
          </span>
        ),
      }));
  }
}

const stretchLine = (one: Certificate["gapList"][number]): Line => ({
  key: one.from,
  at: (
    <>
      <TimeText at={one.from} zone={false} /> → <TimeText at={one.to} />
    </>
  ),
  what: <span className="whitespace-nowrap">{words.candles(one.candles)}</span>,
});
