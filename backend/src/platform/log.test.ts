import { expect, test } from "vitest";
import { createLog, secretFilter } from "./log.ts";

const secret = 'p@ss/w"örd+%canary=9';

function written(log: (to: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  log(
    createLog({
      level: "trace",
      process: "test",
      secrets: [secret],
      write: (line) => lines.push(line),
    }),
  );
  return lines.join("");
}

test("a secret is removed however it is written", () => {
  const bytes = Buffer.from(secret);
  const around = (text: string) => Buffer.from(`${text}${secret}tail`).toString("base64");
  const text = written((log) => {
    log.info({ nested: { deep: [secret] } }, `plain ${secret}`);
    log.info(
      `url ${encodeURIComponent(secret)} hex ${bytes.toString("hex")} base64 ${bytes.toString("base64")}`,
    );
    log.info(`${around("")} ${around("u:")} ${around("user:")} ${bytes.toString("base64url")}`);
    log.error({ err: new Error(secret, { cause: new Error(`deep ${secret}`) }) });
  });
  expect(text).toContain("[secret]");
  for (const form of ["canary", bytes.toString("hex"), bytes.toString("base64").slice(4, -4)]) {
    expect(text).not.toContain(form);
  }
  expect(text).not.toContain(Buffer.from("canary").toString("base64").slice(0, 6));
});

test("every line stays one JSON document", () => {
  const text = written((log) => log.info({ value: `${secret}"\n` }, "message"));
  expect(JSON.parse(text)).toMatchObject({ value: '[secret]"\n', msg: "message", process: "test" });
});

test("of an error only the listed fields are written", () => {
  const error = Object.assign(new Error("broken"), {
    code: "E1",
    config: { headers: { authorization: "Bearer x" } },
  });
  const line = JSON.parse(written((log) => log.error({ err: error })));
  expect(Object.keys(line.err).sort()).toEqual(["code", "message", "name", "stack"]);
});

test("of a request neither query, headers nor body are written", () => {
  const req = {
    method: "GET",
    url: "/a?token=x",
    headers: { cookie: "c" },
    body: { password: "p" },
  };
  const line = JSON.parse(written((log) => log.info({ req })));
  expect(line.req).toEqual({ method: "GET", path: "/a" });
});

test("values too short to be secrets are left alone", () => {
  expect(secretFilter(["a", ""])("a banana")).toBe("a banana");
});

test("a connection problem that repeats is written once in a while, other errors every time", () => {
  const refused = () => Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
  const text = written((log) => {
    for (let i = 0; i < 100; i++) {
      log.error({ err: refused() }, "a connection failed");
      log.child({}).warn({ err: new Error("Failed query", { cause: refused() }) }, "wrapped");
      log.error({ err: new Error("ours") }, "a job failed");
    }
  });
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { msg: string });
  expect(lines.filter(({ msg }) => msg === "a job failed")).toHaveLength(100);
  expect(lines.map(({ msg }) => msg).filter((msg) => msg !== "a job failed")).toEqual([
    "a connection failed",
  ]);
});
