import { DrizzleQueryError } from "drizzle-orm";
import { expect, test } from "vitest";
import { handlerFor } from "./jobs.ts";
import { createLog } from "./log.ts";
import { safeError } from "./safe-error.ts";

const secret = "canary-$argon2id-of-somebody";

const databaseError = (code: string, message: string) =>
  Object.assign(new Error(message), {
    ...{
      name: "error",
      severity: "ERROR",
      code,
      where: `unnamed portal parameter $1 = '${secret}'`,
    },
    detail: `Failing row contains (1, ${secret}).`,
  });
const failedStatement = (cause: Error) =>
  new DrizzleQueryError(
    'insert into "mails" values ($1, $2)',
    ["1", `${secret}\n    at ${secret}`],
    cause,
  );

const errors = {
  "a full disk": failedStatement(databaseError("53100", "could not extend file")),
  "a value of the wrong kind": failedStatement(
    databaseError("22P02", `invalid input syntax for type uuid: "${secret}"`),
  ),
  "wrapped by us": new Error("the database did not answer", {
    cause: failedStatement(databaseError("53100", "could not extend file")),
  }),
  "repeated in other words": new Error(`not sent: ${failedStatement(new Error("x")).message}`),
  "thrown as text": failedStatement(new Error("x")).message,
};

test.each(Object.entries(errors))("no bound value is written of %s", async (_what, error) => {
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  createLog({ level: "info", process: "test", secrets: [], write }).error({ err: error });

  const job = { name: "fails", queue: "mail", run: () => Promise.reject(error) } as const;
  const run = handlerFor([job], new AbortController().signal);
  const kept = await run("fails", {}).catch((thrown: Error) => thrown);

  for (const text of [lines.join(""), everything(kept), everything(safeError(error))]) {
    expect(text).not.toContain(secret);
    expect(text.length).toBeGreaterThan(20);
  }
});

test("what happened, where and with which code stays readable", () => {
  const safe = safeError(errors["a full disk"]);
  expect(safe.message).toBe('Failed query: insert into "mails" values ($1, $2)');
  expect(safe.stack).toMatch(/^Error: Failed query: .*\n +at .*safe-error\.test\.ts/);
  expect(safe.cause).toMatchObject({
    name: "error",
    code: "53100",
    message: "could not extend file",
  });
});

/** As whoever prints the error whole would see it. */
const everything = (error: unknown): string =>
  error instanceof Error
    ? `${error.name} ${error.message} ${error.stack} ${JSON.stringify(error)} ${everything(error.cause)}`
    : String(error);
