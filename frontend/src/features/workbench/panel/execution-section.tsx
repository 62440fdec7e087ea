import type { RunSettings } from "@trading/contracts/run-settings";
import { lazy } from "react";
import { changedExecution } from "../../../ui/run-settings.ts";
import { texts } from "../texts.ts";
import { ClosedSection } from "./closed-section.tsx";

// Closed at first: it comes when somebody opens it.
const ExecutionForm = lazy(() =>
  import("./execution-form.tsx").then((module) => ({ default: module.ExecutionForm })),
);

type ExecutionProps = Readonly<{
  settings: RunSettings;
  /** Whether the series has finer candles than those set. */
  hasDetail: boolean;
  onChange: (settings: RunSettings) => void;
}>;

/** How orders meet candles and what is traded. */
export function ExecutionSection(props: ExecutionProps) {
  const changed = changedExecution(props.settings);
  return (
    <ClosedSection
      title={texts.panel.execution}
      changed={changed > 0 ? texts.panel.changed(changed) : null}
    >
      <ExecutionForm {...props} changed={changed} />
    </ClosedSection>
  );
}
