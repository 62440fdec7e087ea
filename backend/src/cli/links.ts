import type { Command } from "commander";
import { makeSignInLinks } from "../start/people.ts";
import { linkTo } from "../start/welcome.ts";
import { CommandFailed, cliConfig, print, requireDatabase } from "./command.ts";

/** `links`: new one-time sign-in links, for whoever may read the data directory. */
export function registerLinksCommand(program: Command): void {
  program
    .command("links")
    .description("print new one-time sign-in links for trader and operator")
    .option("--json", "one JSON document on stdout")
    .action(async (options: { json?: boolean }) => {
      const config = cliConfig();
      if (config.environment === "production") {
        throw new CommandFailed(
          "Sign-in links by name exist in development only; use admin create.",
        );
      }
      const tokens = await makeSignInLinks(requireDatabase(config));
      const links = {
        trader: linkTo(config.frontendUrl, tokens.trader),
        operator: linkTo(config.frontendUrl, tokens.operator),
      };
      const text = Object.entries(links).map(([name, link]) => `${name.padEnd(10)}${link}`);
      print(options.json === true, links, text.join("\n"));
    });
}
