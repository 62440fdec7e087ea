import { hostname, userInfo } from "node:os";
import type { SignInLinks } from "./people.ts";

type Facts = Readonly<{
  origin: string;
  links: SignInLinks;
  /** Named with --data: the command line must be told too. Null where it looks by itself. */
  directory: string | null;
  host: string;
  /** Started over SSH: the browser is on another machine. */
  isRemote: boolean;
  logs: string;
  seconds: number;
}>;

/** Where to go and how to get in. */
export function welcome({ origin, links, directory, ...facts }: Facts): string {
  const { host, isRemote, logs, seconds } = facts;
  const place = directory === null ? "" : `DATA_DIR='${directory}' `;
  const lines = [
    "",
    `Ready after ${seconds.toFixed(1)} s: ${origin}`,
    "",
    `  Sign in as trader     ${linkTo(origin, links.trader)}`,
    `  Sign in as operator   ${linkTo(origin, links.operator)}`,
    "",
    `Each link works once. New ones: ${place}npm run -s trading -- links`,
  ];
  if (isRemote || !["localhost", "127.0.0.1", "::1"].includes(host)) lines.push(tunnelHint(origin));
  return [...lines, `Logs: ${logs}. Ctrl-C stops everything.`].join("\n");
}

/** The page that takes the token off the address at once and signs in with it. */
export const linkTo = (origin: string, token: string) => `${origin}/#/link/${token}`;

/** Plain HTTP signs in on localhost only, so another machine comes through a tunnel. */
function tunnelHint(origin: string): string {
  const { port } = new URL(origin);
  return `From another machine: ssh -L ${port}:localhost:${port} ${userInfo().username}@${hostname()}, then open the links there.`;
}
