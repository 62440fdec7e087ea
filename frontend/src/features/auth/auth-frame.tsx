import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { siteQuery } from "../../api/queries.ts";
import { apiUrl } from "../../api/session.ts";
import { Skeleton } from "../../ui/feedback.tsx";
import { useTabTitle } from "../../ui/tab-title.ts";

/** What stands around the forms for people who are not signed in. */
export function AuthFrame({ title, children }: { title: string; children: ReactNode }) {
  useTabTitle(title);
  const site = useQuery(siteQuery);
  const logo = site.data?.logoVersion;
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr_auto]">
      <header className="flex h-10 items-center gap-2 border-b border-line px-4 font-semibold">
        {typeof logo === "number" && (
          <img src={apiUrl(`/site/logo?v=${logo}`)} alt="" className="h-6" />
        )}
        {site.data?.name ?? <Skeleton className="h-3 w-28" />}
      </header>
      <main className="mx-auto grid w-full max-w-84 content-start gap-4 px-4 pt-[14dvh] pb-8">
        <h1 className="text-xl font-semibold">{title}</h1>
        {children}
      </main>
      <footer className="border-t border-line px-4 py-2 text-xs text-muted">
        {site.data?.hypotheticalNotice}
      </footer>
    </div>
  );
}
