export type MetricUnit = "money" | "fraction" | "ratio" | "count" | "days";
export type MetricGroup =
  | "result"
  | "risk"
  | "trades"
  | "excursions"
  | "relative"
  | "stability"
  | "costs"
  | "orders";

export type MetricConvention = Readonly<{
  label: string;
  unit: MetricUnit;
  group: MetricGroup;
  /** How it is computed, in one sentence. */
  convention: string;
  /** Whether more is better; null where neither is. */
  better: "more" | "less" | null;
}>;

/** Conventions of one group by the name of the metric. */
export function inGroup<Name extends string>(
  group: MetricGroup,
  table: Readonly<Record<Name, Omit<MetricConvention, "group">>>,
): Readonly<Record<Name, MetricConvention>> {
  const entries = Object.entries<Omit<MetricConvention, "group">>(table);
  return Object.fromEntries(
    entries.map(([name, convention]) => [name, { ...convention, group }]),
  ) as Record<Name, MetricConvention>;
}
