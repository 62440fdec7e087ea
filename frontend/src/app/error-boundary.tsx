import { Component, type ReactNode } from "react";
import { local, ProblemError } from "../api/problem.ts";
import { ProblemView } from "../ui/problem-view.tsx";
import { isMissingCode, loadAgain } from "./missing-code.ts";
import { texts } from "./texts.ts";

type State = Readonly<{ error: unknown }>;

/** Keeps the rest of the screen standing when one page fails; trying again draws it anew. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    const isMissing = isMissingCode(this.state.error);
    const error = isMissing ? missingCode : this.state.error;
    const retry = () => (isMissing ? void loadAgain() : this.setState({ error: null }));
    return <ProblemView error={error} onRetry={retry} className="m-4" />;
  }
}

const missingCode = new ProblemError(
  local("page-not-loaded", 0, texts.missingCode.title, texts.missingCode.detail),
);
