import type { PlatformEvent } from "@trading/contracts/events";
import type { Job } from "../platform/jobs.ts";
import type { BacktestKey, BacktestQueue } from "./queue.ts";

type Needs = Readonly<{
  queue: BacktestQueue;
  /** Wishes for that many "run-backtest" jobs. */
  nudge(times: number): Promise<void>;
  publish(userId: string, event: PlatformEvent): Promise<void>;
}>;

/**
 * Takes backtests back from workers that died, and sends the nudges that were lost with a queue or a process. With
 * the heartbeat, a backtest whose worker was killed is back in the queue at most 5 s later.
 */
export function requeueBacktests({ queue, nudge, publish }: Needs): Job {
  const tell = (keys: readonly BacktestKey[], status: string) =>
    Promise.all(keys.map(({ id, userId }) => publish(userId, { kind: "backtest", id, status })));
  return {
    name: "requeue-backtests",
    queue: "sweeps",
    everyMs: 1_500,
    async run() {
      const { requeued, givenUp } = await queue.requeueAbandoned();
      const times = Math.max(requeued.length, (await queue.isForgotten()) ? 1 : 0);
      if (times > 0) await nudge(times);
      await tell(requeued, "queued");
      await tell(givenUp, "failed");
    },
  };
}
