import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, Suspense, useEffect, useState } from "react";
import { problemOf } from "../api/problem.ts";
import { meQuery } from "../api/queries.ts";
import { Link, navigate, Preload, useAddress } from "../router/router.tsx";
import { buttonClass } from "../ui/button.tsx";
import { EmptyState } from "../ui/feedback.tsx";
import { ProblemView } from "../ui/problem-view.tsx";
import { Toasts } from "../ui/toast.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { Frame } from "./frame.tsx";
import { type PageEntry, pageAt, preloadPage } from "./page-table.tsx";
import { texts } from "./texts.ts";

/** The page at the address, within the frame where one must be signed in. */
export function App() {
  const { path } = useAddress();
  const entry = pageAt(path);
  const page = entry === undefined ? <NoPage /> : <PageOf entry={entry} />;
  const content = (
    <Suspense>
      <ErrorBoundary key={path}>{page}</ErrorBoundary>
    </Suspense>
  );
  return (
    <Preload value={preloadPage}>
      {entry?.isOpen === true ? content : <SignedIn>{content}</SignedIn>}
      <Toasts />
    </Preload>
  );
}

/** What is chosen when it first appears stays, so that a page keeps its state. */
function PageOf({ entry }: { entry: PageEntry }) {
  const [Page] = useState(entry.page);
  return <Page />;
}

/** Asks who is signed in while the page's code is on its way; nobody goes to the sign-in page, and comes back after. */
function SignedIn({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const { data: me, error, refetch } = useQuery(meQuery);
  const { path } = useAddress();
  const isNobody = error !== null && problemOf(error).status === 401;
  useEffect(() => void preloadPage(path), [path]);
  useEffect(() => {
    if (!isNobody) return;
    const here = location.hash.slice(1);
    client.clear();
    navigate({
      to: "/sign-in",
      search: here === "" || here === "/" ? {} : { next: here },
      replace: true,
    });
  }, [isNobody, client]);
  if (me !== undefined) return <Frame>{children}</Frame>;
  if (error === null || isNobody) return null;
  return <ProblemView error={error} onRetry={() => void refetch()} className="m-4" />;
}

const NoPage = () => (
  <EmptyState
    className="pt-24"
    action={
      <Link to="/" className={buttonClass()}>
        {texts.gone.action}
      </Link>
    }
  >
    {texts.gone.text}
  </EmptyState>
);
