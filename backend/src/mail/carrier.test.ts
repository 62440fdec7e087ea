import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCarrier } from "./carrier.ts";

let server: Server;
let port = 0;
beforeAll(async () => {
  server = createServer((socket) => {
    socket.write("220 parrot\r\n");
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      const line = data.toString().trim();
      if (/^EHLO/i.test(line)) socket.write("250-parrot\r\n250 AUTH PLAIN\r\n");
      else socket.write(`535 refused: ${line}\r\n`);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  port = (server.address() as { port: number }).port;
});
afterAll(() => server.close());

test("a mail server that repeats the password cannot make it be kept", async () => {
  const password = "the-password-at-the-mail-server";
  const from = { from: "site@example.com", fromName: "Site" };
  const carrier = createCarrier({ host: "127.0.0.1", port, user: "mailer", password, ...from });
  const mail = { subject: "x", text: "x", html: "x" };
  const how = await carrier.hand("1", "x@example.com", mail, "Site");
  carrier.close();
  expect(how).toMatchObject({ kind: "failed", reason: expect.stringContaining("[secret]") });
  const inner = Buffer.from(`\0mailer\0${password}`).toString("base64").slice(16, 40);
  expect(JSON.stringify(how)).not.toContain(inner);
});
