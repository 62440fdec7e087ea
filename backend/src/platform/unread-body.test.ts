import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SignedInUser, type TestApp, testApp } from "../../test/support/app.ts";

let site: TestApp;
let user: SignedInUser;
let port: number;
beforeAll(async () => {
  site = await testApp({ env: { UPLOAD_FILE_MB: "1" } });
  user = await site.signedIn();
  await site.app.listen({ host: "127.0.0.1", port: 0 });
  const address = site.app.server.address();
  port = typeof address === "object" && address ? address.port : 0;
});
afterAll(() => site.close());

const gigabyte = 1e9;
const inChunks = "Transfer-Encoding: chunked";
const json = "Content-Type: application/json";
const form = "Content-Type: multipart/form-data; boundary=x";
const chunkOf = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
const field = (name: string, value: string) =>
  `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const file = `--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n`;
const market = field("symbol", "BTC/USDT") + field("timeframe", "1h");

/** Sends a head and then a gigabyte, for as long as anybody takes it. */
async function pour(head: string, isChunked: boolean) {
  const text = "1,".repeat(32_768);
  const piece = Buffer.from(isChunked ? chunkOf(text) : text);
  const socket = connect({ host: "127.0.0.1", port });
  const closed = once(socket, "close").catch(() => {});
  let answer = "";
  socket
    .on("error", () => {})
    .on("data", (data) => {
      answer += data;
    });
  let sent = 0;
  let rssMax = process.memoryUsage.rss();
  const push = () => {
    while (!socket.destroyed && sent < gigabyte) {
      sent += piece.length;
      rssMax = Math.max(rssMax, process.memoryUsage.rss());
      if (!socket.write(piece)) return;
    }
    socket.destroy();
  };
  socket.on("drain", push).write(head);
  push();
  await closed;
  return { status: Number(answer.split(" ")[1]), sent, rssMax };
}

test.each([
  ["sent by nobody to sign in", 413, "POST /auth/login", "", json, inChunks, ""],
  ["announced by its length", 413, "POST /auth/login", "", json, "Content-Length: 1000000000", ""],
  ["of a user", 413, "PATCH /users/me/settings", "user", json, inChunks, ""],
  ["of whoever is not signed in", 401, "PATCH /users/me/settings", "", json, inChunks, ""],
  ["to nowhere", 404, "POST /nothing", "user", json, inChunks, ""],
  ["to an address that cannot be read", 400, "POST /%zz", "user", json, inChunks, ""],
  [
    "of a kind that is not read",
    415,
    "PATCH /users/me/settings",
    "user",
    "Content-Type: text/xml",
    inChunks,
    "",
  ],
  ["where none belongs", 200, "GET /site", "", json, inChunks, ""],
  ["as a form of whoever is not signed in", 401, "POST /imports", "", form, inChunks, ""],
  ["before the first part of a form", 413, "POST /imports", "user", form, inChunks, "-"],
  ["in a field of a form", 413, "POST /imports", "user", form, inChunks, field("symbol", "")],
  ["as a file", 413, "POST /imports", "user", form, inChunks, market + file],
  ["as a file that is not described", 400, "POST /imports", "user", form, inChunks, file],
])(
  "a gigabyte %s is given up early",
  async (_name, status, operation, who, type, length, first) => {
    const [method, path] = operation.split(" ");
    const lines = [
      `${method} /api/v1${path} HTTP/1.1`,
      ...["Host: localhost", "Sec-Fetch-Site: same-origin", type, length],
      ...(who === "" ? [] : [`Authorization: ${user.headers.authorization}`]),
    ];
    const head = `${lines.join("\r\n")}\r\n\r\n${first === "" ? "" : chunkOf(first)}`;
    const before = process.memoryUsage.rss();
    const answer = await pour(head, length === inChunks);
    expect(answer.status).toBe(status);
    // What the kernel holds for both sides of a connection comes on top of what was read.
    expect(answer.sent).toBeLessThan(20e6);
    expect(answer.rssMax - before).toBeLessThan(50e6);
  },
);

test("a body that is merely late does not cost the connection", async () => {
  const socket = connect({ host: "127.0.0.1", port });
  let answers = "";
  socket.on("data", (data) => {
    answers += data;
  });
  const lines = ["POST /api/v1/nothing HTTP/1.1", "Host: localhost", "Sec-Fetch-Site: same-origin"];
  socket.write(`${[...lines, json, "Content-Length: 4"].join("\r\n")}\r\n\r\nnu`);
  await once(socket, "data");
  socket.write("ll");
  socket.write("GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  await once(socket, "close");
  expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 404", "HTTP/1.1 200"]);
});
