import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

const stops = new URL("./stops.ts", import.meta.url).href;

/** A campaign of two parts that ends as said; the exit code and what it wrote. */
async function campaign(ending: string): Promise<readonly [number | null, string]> {
  const script = `
    const { campaignStops } = await import(${JSON.stringify(stops)});
    const stops = campaignStops();
    for (const name of ["first", "second"]) stops.add(name, () => console.log(name));
    ${ending}`;
  const args = ["--input-type=module", "--eval", script];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  const code = new Promise<number | null>((done) => child.once("close", done));
  return Promise.all([code, text(child.stdout)]);
}

test.each([
  ["at its end", "await stops.run();", 0],
  ["by a signal", "process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 60_000);", 143],
  ["by an error", "await Promise.reject(new Error('broken'));", 1],
])("what a campaign started ends with it, the last first: %s", async (_, ending, code) => {
  expect(await campaign(ending)).toEqual([code, "second\nfirst\n"]);
});
