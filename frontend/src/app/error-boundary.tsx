import { Component, type ReactNode } from "react";
import { local, ProblemError } from "../api/problem.ts";
import { ProblemView } from "../ui/problem-view.tsx";
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
    const retry = () => (isMissing ? void reload() : this.setState({ error: null }));
    return <ProblemView error={error} onRetry={retry} className="m-4" />;
  }
}

const missingCode = new ProblemError(
  local("page-not-loaded", 0, texts.missingCode.title, texts.missingCode.detail),
);

/**
 * Code that could not be fetched stays failed until the page is loaded again: a new version has other names. Without a
 * server this page is worth more than the browser's own.
 */
const reload = (): Promise<void> =>
  fetch("/", { method: "HEAD" }).then(
    () => location.reload(),
    () => undefined,
  );

const isMissingCode = (error: unknown) =>
  error instanceof TypeError && /import|module/i.test(error.message);
