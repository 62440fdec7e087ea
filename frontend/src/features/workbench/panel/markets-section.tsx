import type { Series } from "@trading/contracts/market-data";
import { lazy } from "react";
import type { WorkbenchState } from "../state.ts";
import { texts } from "../texts.ts";
import { ClosedSection } from "./closed-section.tsx";

// Closed at first: it comes when somebody opens it.
const MarketsForm = lazy(() =>
  import("./markets-form.tsx").then((module) => ({ default: module.MarketsForm })),
);

type MarketsProps = Readonly<{
  state: WorkbenchState;
  series: readonly Series[];
  onChange: (change: Partial<WorkbenchState>) => void;
}>;

/** Which markets share the wallet with the first, and what all positions together may be. */
export function MarketsSection(props: MarketsProps) {
  const count = props.state.others?.length ?? 0;
  return (
    <ClosedSection
      title={texts.several.title}
      changed={count > 0 ? texts.several.more(count) : null}
    >
      <MarketsForm {...props} />
    </ClosedSection>
  );
}
