import type { Command } from "commander";
import { safeError } from "../platform/safe-error.ts";
import { cliConfig, print } from "./command.ts";
import { checks } from "./doctor-checks.ts";

/** `doctor`: looks at everything the platform needs and says how to mend what is wrong. */
export function registerDoctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("check Node, ports, PostgreSQL, Redis, disk, clock, mail and strategies")
    .option("--json", "one JSON document on stdout")
    .action(async (options: { json?: boolean }) => {
      const config = cliConfig();
      const results = await Promise.all(
        checks.map(async ({ name, look }) => {
          try {
            return { name, ...(await look(config)) };
          } catch (error) {
            return { name, state: "wrong" as const, found: safeError(error).message, mend: "" };
          }
        }),
      );
      const isWell = results.every(({ state }) => state !== "wrong");
      const marks = { fine: "✔", unused: "·", wrong: "✖" };
      const lines = results.flatMap(({ name, state, found, mend }) => [
        `${marks[state]} ${name.padEnd(12)}${found}`,
        ...(state === "wrong" && mend ? [`${" ".repeat(14)}→ ${mend}`] : []),
      ]);
      print(options.json === true, { ok: isWell, checks: results }, lines.join("\n"));
      if (!isWell) process.exitCode = 1;
    });
}
