import { parseArgs } from "node:util";

export type StartOptions = Readonly<{
  port: number;
  host: string;
  /** Null: the default of this checkout. */
  data: string | null;
  /** The first start asks no exchange and generates its candles. */
  offline: boolean;
  reset: boolean;
  /** Answers the question of `reset` in advance. */
  yes: boolean;
}>;

export type Asked =
  | Readonly<{ kind: "start"; options: StartOptions }>
  | Readonly<{ kind: "help" }>
  | Readonly<{ kind: "refused"; message: string }>;

type Defaults = Readonly<{ port: number; host: string }>;

export const help = `Starts the whole platform: database, web, workers.

  npm start -- [options]

  --port <number>   where the page is served (default 8000)
  --host <address>  what it listens on (default localhost: this machine only)
  --data <folder>   where everything is kept (default .data)
  --offline         the first start fetches no candles, it generates some
  --reset           deletes everything that was kept, after asking
  --yes             with --reset: do not ask
  --help            this text

Ctrl-C stops everything in order; a second Ctrl-C stops at once.
`;

/** Reads the arguments of `npm start`. */
export function readArguments(args: readonly string[], defaults: Defaults): Asked {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (error) {
    // Node explains how to pass values that begin with a dash, which is of no use here.
    return refuse((error as Error).message.split(". ")[0] ?? "");
  }
  if (values.help === true) return { kind: "help" };
  const port = values.port === undefined ? defaults.port : Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    return refuse(`--port must be a number from 1 to 65535, not "${values.port}"`);
  }
  if (values.yes === true && values.reset !== true) return refuse("--yes belongs to --reset");
  const options = {
    port,
    host: values.host ?? defaults.host,
    data: values.data ?? null,
    offline: values.offline ?? false,
    reset: values.reset ?? false,
    yes: values.yes ?? false,
  };
  return { kind: "start", options };
}

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: {
      port: { type: "string" },
      host: { type: "string" },
      data: { type: "string" },
      offline: { type: "boolean" },
      reset: { type: "boolean" },
      yes: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  }).values;

const refuse = (reason: string): Asked => ({
  kind: "refused",
  message: `${reason}; see npm start -- --help.`,
});
