import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/** How long a request that is under way may still take. */
const finishMs = 10_000;

/**
 * Lets requests that are under way finish when the server closes, and lets go of every other connection: browsers
 * open some in advance and keep used ones, and Node waits for those that never asked anything.
 */
export function registerGracefulClose(app: FastifyInstance): void {
  const underWay = new Map<Socket, number>();
  let isClosing = false;

  const count = (socket: Socket, change: number) => {
    const requests = (underWay.get(socket) ?? 0) + change;
    if (underWay.has(socket)) underWay.set(socket, requests);
    if (isClosing && requests === 0) socket.end();
  };
  app.server.on("connection", (socket: Socket) => {
    underWay.set(socket, 0);
    socket.once("close", () => underWay.delete(socket));
  });
  app.server.on("request", ({ socket }: IncomingMessage, answer: ServerResponse) => {
    count(socket, 1);
    answer.once("close", () => count(socket, -1));
  });
  app.addHook("preClose", async () => {
    isClosing = true;
    for (const [socket, requests] of underWay) if (requests === 0) socket.destroy();
    setTimeout(() => app.server.closeAllConnections(), finishMs).unref();
  });
}
