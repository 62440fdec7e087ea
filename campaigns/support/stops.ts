import { createStops } from "../../backend/src/start/stops.ts";

export type CampaignStops = Readonly<{
  add: ReturnType<typeof createStops>["add"];
  /** At the end of a campaign; when it fails, or somebody ends it, this happens by itself. */
  run(): Promise<void>;
}>;

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** What a campaign starts ends with it, however it ends. */
export function campaignStops(): CampaignStops {
  const stops = createStops();
  const run = () =>
    stops.run((name, error) => process.stderr.write(`${name} did not stop: ${error}\n`));
  const end = (code: number) => void run().finally(() => process.exit(code));
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => end(exitCodes[signal]));
  // More than one, where what has been stopped is still asked for something.
  process.on("uncaughtException", (error) => {
    process.stderr.write(`${error.stack}\n`);
    end(1);
  });
  return { add: stops.add, run };
}
