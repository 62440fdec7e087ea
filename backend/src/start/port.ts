import { createServer } from "node:net";
import { StartRefused } from "./refused.ts";

/**
 * Makes sure that nobody listens there. After a start that was killed, its web process may need a moment to notice:
 * `patienceMs` waits for that. Throws `StartRefused` with one sentence.
 */
export async function requireFreePort(
  host: string,
  port: number,
  patienceMs: number,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  // A name such as localhost may stand for two addresses; whoever holds one of them would get our visitors.
  for (const address of host === "localhost" ? ["127.0.0.1", "::1"] : [host]) {
    let problem = await listenProblem(address, port);
    while (problem === "EADDRINUSE" && performance.now() < deadline) {
      await new Promise((done) => setTimeout(done, 100));
      problem = await listenProblem(address, port);
    }
    if (problem !== null) refuse(problem, address, host, port);
  }
}

function refuse(problem: string, address: string, host: string, port: number): void {
  if (problem === "EADDRINUSE") {
    throw new StartRefused(
      `Port ${port} is used by another program: stop it, or choose another port with --port.`,
    );
  }
  if (problem === "EACCES") {
    throw new StartRefused(`Port ${port} is reserved for root: choose one above 1023 with --port.`);
  }
  if (address === "::1") return; // No IPv6 on this machine: localhost is 127.0.0.1 alone.
  throw new StartRefused(
    `${host} is not an address of this machine (${problem}): choose another one with --host.`,
  );
}

function listenProblem(host: string, port: number): Promise<string | null> {
  const server = createServer();
  return new Promise((done) => {
    server.once("error", (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => done(null)));
  });
}
