import type { MetricName } from "./metric-conventions.ts";

export type Metrics = Readonly<Partial<Record<MetricName, number | null>>>;
export type MetricReasons = Readonly<Partial<Record<MetricName, string>>>;

/** Collects metrics: a number, or null with the reason why there is none. Never infinite, never a sentinel. */
export class Measures {
  readonly metrics: Partial<Record<MetricName, number | null>> = {};
  readonly reasons: Partial<Record<MetricName, string>> = {};

  set(name: MetricName, value: number): void {
    if (Number.isFinite(value)) this.metrics[name] = value;
    else this.leaveOut([name], "the numbers are too large to compute it");
  }

  /** A value that needs a word beside it. */
  setWith(name: MetricName, value: number, remark: string): void {
    this.set(name, value);
    this.reasons[name] ??= remark;
  }

  /** `compute` where nothing speaks against it. */
  setUnless(name: MetricName, reason: string | null, compute: () => number): void {
    if (reason === null) this.set(name, compute());
    else this.leaveOut([name], reason);
  }

  leaveOut(names: readonly MetricName[], reason: string): void {
    for (const name of names) {
      this.metrics[name] = null;
      this.reasons[name] = reason;
    }
  }
}
