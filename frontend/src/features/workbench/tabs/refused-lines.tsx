import { Fact, Facts } from "../../../ui/facts.tsx";
import { count } from "../../../ui/format.ts";
import type { Shown } from "../result/shown.ts";
import { details } from "./texts.ts";

const linesMax = 12;

/** The lines of a plan that limits or funds would not have allowed, at most so many that the rest can still be read. */
export function RefusedLines({ shown }: { shown: Shown }) {
  const t = details.trust;
  const { refusedLines = [] } = shown;
  const lines = refusedLines.slice(0, linesMax);
  const left = refusedLines.length - lines.length;
  if (lines.length === 0) return null;
  return (
    <Facts title={t.refusedLines}>
      {lines.map(({ name, cause, why = cause.replaceAll("-", " ") }) => (
        <Fact key={`${name} ${cause}`} name={name}>
          {why}
        </Fact>
      ))}
      {left > 0 && <Fact name={t.moreLines}>{count(left)}</Fact>}
    </Facts>
  );
}
