import { local, ProblemError } from "../../../api/problem.ts";
import { ProblemView } from "../../../ui/problem-view.tsx";
import type { RunProblem } from "../run/protocol.ts";
import { texts } from "../texts.ts";

/** What the strategy or its parameters did wrong in this browser, in the server's words and codes. */
export const RunProblemView = ({ problem }: { problem: RunProblem }) => (
  <ProblemView
    error={new ProblemError(local(problem.code, 0, texts.states.failed, problem.detail))}
    className="border-b border-line"
  />
);
