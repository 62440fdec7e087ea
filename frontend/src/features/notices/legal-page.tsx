import { useQuery } from "@tanstack/react-query";
import { legalTextQuery } from "../../api/account-queries.ts";
import { Link, pageAddress } from "../../router/router.tsx";
import { Skeleton } from "../../ui/feedback.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { useTabTitle } from "../../ui/tab-title.ts";
import { TimeText } from "../../ui/time.tsx";
import { texts } from "./texts.ts";

const route = pageAddress("/legal/$kind", () => ({}));

/** One of the texts that people agree to; anybody may read it. It is text and nothing else: no markup runs. */
export function LegalPage() {
  const { kind } = route.useParams();
  const { data, error } = useQuery(legalTextQuery(kind));
  const title = texts.kinds[kind as keyof typeof texts.kinds] ?? kind;
  useTabTitle(title);
  return (
    <main className="mx-auto grid max-w-180 gap-3 px-4 py-8">
      <Link to="/" className="text-accent">
        {texts.back}
      </Link>
      <h1 className="text-xl font-semibold">{title}</h1>
      {error !== null && <ProblemView error={error} />}
      {data === undefined && error === null && <Skeleton className="h-60" />}
      {data !== undefined && (
        <>
          <p className="text-sm text-muted">
            {texts.version(data.version)} <TimeText at={data.publishedAt} precision="day" />
          </p>
          <div className="text-base leading-6 break-words whitespace-pre-wrap">{data.text}</div>
        </>
      )}
    </main>
  );
}
