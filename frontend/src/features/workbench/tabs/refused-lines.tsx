import { useState } from "react";
import { Button } from "../../../ui/button.tsx";
import { Fact, Facts } from "../../../ui/facts.tsx";
import { count } from "../../../ui/format.ts";
import type { Shown } from "../result/shown.ts";
import { details } from "./texts.ts";

const shortList = 4;

/** The lines of a plan that limits or funds would not have allowed, and why. */
export function RefusedLines({ shown: { refusedLines = [] } }: { shown: Shown }) {
  const t = details.trust;
  const [isLong, setLong] = useState(false);
  const total = count(refusedLines.length);
  if (refusedLines.length === 0) return null;
  return (
    <div>
      <Facts title={t.refusedLines(total)}>
        {(isLong ? refusedLines : refusedLines.slice(0, shortList)).map(
          ({ name, cause, why = cause.replaceAll("-", " "), times }) => (
            <Fact key={`${name} ${cause}`} name={name}>
              {why}
              {times > 1 && <span className="text-muted"> ({t.refusedTimes(count(times))})</span>}
            </Fact>
          ),
        )}
      </Facts>
      {!isLong && refusedLines.length > shortList && (
        <Button look="quiet" small className="mt-1 -ml-3" onClick={() => setLong(true)}>
          {t.showAll(total)}
        </Button>
      )}
    </div>
  );
}
