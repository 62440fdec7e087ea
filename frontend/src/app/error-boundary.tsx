import { Component, type ReactNode } from "react";
import { ProblemView } from "../ui/problem-view.tsx";

type State = Readonly<{ error: unknown }>;

/** Keeps the rest of the screen standing when one page fails; trying again draws it anew. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    // Code that could not be fetched stays failed until the page is loaded again: a new version has other names.
    const retry = () =>
      isMissingCode(this.state.error) ? location.reload() : this.setState({ error: null });
    return <ProblemView error={this.state.error} onRetry={retry} className="m-4" />;
  }
}

const isMissingCode = (error: unknown) =>
  error instanceof TypeError && /import|module/i.test(error.message);
