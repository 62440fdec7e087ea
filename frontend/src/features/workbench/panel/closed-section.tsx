import { type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { Skeleton } from "../../../ui/feedback.tsx";
import { ChangedDot } from "../../../ui/slider.tsx";

type SectionProps = Readonly<{
  title: string;
  /** What is not as usual, in few words; null where all is. */
  changed: string | null;
  /** Drawn once somebody opens it, so that it may be fetched then. */
  children: ReactNode;
}>;

/** A part of the settings that is closed at first, with what differs from usual marked. */
export function ClosedSection({ title, changed, children }: SectionProps) {
  const [isOpen, setOpen] = useState(false);
  const section = useRef<HTMLDetailsElement>(null);
  // At the lower edge of the panel nobody would see that something opened.
  useEffect(() => {
    if (isOpen) section.current?.scrollIntoView({ block: "nearest" });
  }, [isOpen]);
  return (
    <details
      ref={section}
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="shrink-0 border-b border-line px-3.5 last:border-b-0"
    >
      <summary className="-mx-3.5 flex min-h-9 cursor-pointer items-center gap-2 px-3.5 text-sm font-semibold -outline-offset-2 hover:bg-hover pointer-coarse:min-h-11">
        <span className="mr-auto">{title}</span>
        {changed !== null && (
          <span className="flex items-center gap-1.5 font-normal text-muted">
            <ChangedDot />
            {changed}
          </span>
        )}
        <span aria-hidden="true" className={isOpen ? "rotate-90 text-muted" : "text-muted"}>
          ›
        </span>
      </summary>
      {isOpen && <Suspense fallback={<Skeleton className="mb-3 h-40" />}>{children}</Suspense>}
    </details>
  );
}
