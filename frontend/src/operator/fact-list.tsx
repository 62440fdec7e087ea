import type { ReactNode } from "react";

type FactListProps = Readonly<{
  /** What is known, in order; null where there is nothing to say. */
  facts: readonly (readonly [label: string, value: ReactNode] | null)[];
}>;

/** What the panel of a row says of it. */
export const FactList = ({ facts }: FactListProps) => (
  <dl className="grid grid-cols-[110px_1fr] gap-x-3 gap-y-1.5 px-4 py-3">
    {facts
      .filter((fact) => fact !== null)
      .map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-muted">{label}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
  </dl>
);
