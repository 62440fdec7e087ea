import { type Simulator, type SimulatorSettings, startSimulator } from "../../src/simulator.ts";

/** 2026-01-05, a Monday, 00:00 UTC. */
export const monday = Date.UTC(2026, 0, 5);

/** An exchange whose clock stands still and whose markets only clients move. */
export function quietSimulator(settings: SimulatorSettings = {}): Promise<Simulator> {
  return startSimulator({
    seed: "quiet",
    startAt: monday,
    historyDays: 0,
    source: () => ({ kind: "none" }),
    ledgerKeeps: "all",
    ...settings,
  });
}
