/** The bar of entry and of exit of one closed trade. */
export type Trip = readonly [entry: number, exit: number];

/** What a program that ran the strategy says, as one line of JSON. */
export type Answer = Readonly<{
  version: string;
  runs: readonly Readonly<{ cpuS: number; wallS: number }>[];
  trades: readonly Trip[];
  finalEquity: number;
  /** The most memory that the process ever held. */
  peakMB: number;
}>;

export type Played = Pick<Answer, "trades" | "finalEquity">;

/** Times `play` with all threads of this process and prints the answer. */
export function report(version: string, repetitions: number, play: () => Played): void {
  const runs: { cpuS: number; wallS: number }[] = [];
  let played: Played = { trades: [], finalEquity: Number.NaN };
  for (let i = 0; i < repetitions; i++) {
    const cpuFrom = process.cpuUsage();
    const wallFrom = performance.now();
    played = play();
    const wallS = (performance.now() - wallFrom) / 1e3;
    const { user, system } = process.cpuUsage(cpuFrom);
    runs.push({ cpuS: (user + system) / 1e6, wallS });
  }
  const peakMB = process.resourceUsage().maxRSS / 1024;
  const answer: Answer = { version, runs, ...played, peakMB };
  console.log(JSON.stringify(answer));
}
