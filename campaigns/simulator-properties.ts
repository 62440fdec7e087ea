import { parseArgs } from "node:util";
import { drill } from "../simulator/test/drill.ts";

/** Random orders against the simulator's exchange core, seed after seed; the first broken promise ends it. */
const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "100" },
    operations: { type: "string", default: "100000" },
    first: { type: "string", default: "1" },
  },
});
const seeds = Number(values.seeds);
const operations = Number(values.operations);
const began = Date.now();
const sum = { placed: 0, refused: 0, canceled: 0, amended: 0, trades: 0 };
for (let index = 0; index < seeds; index += 1) {
  const seed = String(Number(values.first) + index);
  try {
    const result = drill(seed, operations);
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += result[name];
  } catch (error) {
    process.stdout.write(`seed ${seed}: ${String(error)}\n0 passed, 1 failed\n`);
    process.exit(1);
  }
}
const seconds = (Date.now() - began) / 1000;
process.stdout.write(
  `${seeds} seeds × ${operations} operations in ${seconds.toFixed(1)} s: ${JSON.stringify(sum)}\n`,
);
process.stdout.write(`${seeds} passed, 0 failed\n`);
