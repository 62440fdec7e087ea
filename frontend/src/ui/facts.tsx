import type { ReactNode } from "react";
import { cx } from "./cx.ts";

type PartProps = Readonly<{
  title: string;
  /** Stands at the right end of the title. */
  tools?: ReactNode;
  className?: string;
  children: ReactNode;
}>;

/** A titled part of a panel. */
export const Part = ({ title, tools, className, children }: PartProps) => (
  <section className={cx("min-w-0", className)}>
    <header className="mb-1.5 flex min-h-5 flex-wrap items-center gap-2">
      <h2 className="mr-auto font-semibold">{title}</h2>
      {tools}
    </header>
    {children}
  </section>
);

type FactsProps = Readonly<{ title: string; className?: string; children: ReactNode }>;

/** Names and values under a title, one line each. */
export const Facts = ({ title, className, children }: FactsProps) => (
  <Part title={title} {...(className !== undefined && { className })}>
    <dl>{children}</dl>
  </Part>
);

type FactProps = Readonly<{ name: string; title?: string | undefined; children: ReactNode }>;

export const Fact = ({ name, title, children }: FactProps) => (
  <div
    className="flex min-h-6 items-baseline justify-between gap-4 border-b border-line py-1"
    title={title}
  >
    <dt className="shrink-0 text-muted">{name}</dt>
    <dd className="min-w-0 text-right text-balance wrap-break-word">{children}</dd>
  </div>
);

/** The first sixteen digits of a hash in groups of four: enough to compare by eye. */
export const shortHash = (value: string): string =>
  (value.slice(0, 16).match(/.{1,4}/g) ?? [value]).join("·");

export const Hash = ({ value }: { value: string }) => (
  <code title={value} className="font-mono text-xs">
    {shortHash(value)}
  </code>
);
