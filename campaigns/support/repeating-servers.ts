import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";

/** Refuses every mail and repeats what it was told, password and all. */
export async function startMailServer() {
  const listener = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.write("220 canary ESMTP\r\n");
    socket.on("data", (data) => {
      const line = data.toString().trim();
      if (/^EHLO/i.test(line)) socket.write("250-canary\r\n250 AUTH PLAIN LOGIN\r\n");
      else if (/^QUIT/i.test(line)) socket.end("221 bye\r\n");
      else socket.write(`535 5.7.8 refused: ${line}\r\n`);
    });
  });
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("it does not listen");
  return { port: address.port, close: () => listener.close() };
}

type Behaviour = "answers" | "refuses" | "breaks" | "withdraws";

/** A stand-in for Binance that, when it fails, repeats key, signature and address. */
export async function startExchange() {
  let behaviour: Behaviour = "answers";
  const listener = createHttpServer((request, response) => {
    const told = `${request.headers["x-mbx-apikey"]} ${request.url}`;
    const path = request.url?.split("?")[0] ?? "";
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    };
    if (behaviour === "refuses") return answer(401, { code: -2015, msg: `no: ${told}` });
    if (behaviour === "breaks") return answer(500, `<html>${told}</html>`);
    if (path.endsWith("/apiRestrictions"))
      return answer(200, {
        ...{ ipRestrict: false, enableReading: true, enableSpotAndMarginTrading: true },
        ...{ enableFutures: true, enableWithdrawals: behaviour === "withdraws" },
      });
    answer(200, path.startsWith("/fapi/") ? [] : { balances: [] });
  });
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("it does not listen");
  return {
    url: `http://127.0.0.1:${address.port}`,
    behave: (next: Behaviour) => {
      behaviour = next;
    },
    close() {
      listener.closeAllConnections();
      listener.close();
    },
  };
}
