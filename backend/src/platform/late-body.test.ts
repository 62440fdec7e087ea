import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import Fastify from "fastify";
import { expect, test } from "vitest";
import { registerLateBody } from "./late-body.ts";

test("a body that dawdles ends its connection, one that comes in time does not", async () => {
  const app = Fastify();
  registerLateBody(app, 100);
  let done = 0;
  app.post("/", async () => {
    done += 1;
    return "done";
  });
  await app.listen({ port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const send = async (rest: string) => {
    const socket = connect(port);
    const said = text(socket);
    socket.on("error", () => undefined);
    await once(socket, "connect");
    const head = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
    socket.write(`${head}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{`);
    setImmediate(() => socket.write(rest));
    return (await said).slice(9, 12);
  };
  expect(await Promise.all([send("}"), send("")])).toEqual(["200", "408"]);
  expect(done).toBe(1);
  await app.close();
});
