import { expect, test } from "vitest";
import { readArguments } from "./arguments.ts";

const read = (...args: string[]) => readArguments(args, { port: 8000, host: "localhost" });

test("without arguments the defaults hold", () => {
  expect(read()).toEqual({
    kind: "start",
    options: {
      port: 8000,
      host: "localhost",
      data: null,
      offline: false,
      reset: false,
      yes: false,
    },
  });
});

test("every option is read", () => {
  expect(
    read("--port", "9000", "--host=0.0.0.0", "--data", "/srv/x", "--offline", "--reset", "--yes"),
  ).toMatchObject({
    options: { port: 9000, host: "0.0.0.0", data: "/srv/x", offline: true, reset: true, yes: true },
  });
});

test("help wins over everything but nonsense", () => {
  expect(read("--help", "--port", "0")).toEqual({ kind: "help" });
});

test.each([
  [["--port", "0"], "--port must be a number from 1 to 65535"],
  [["--port", "80a"], "--port must be a number from 1 to 65535"],
  [["--port", "65536"], "--port must be a number from 1 to 65535"],
  [["--prot", "80"], "Unknown option '--prot'"],
  [["extra"], "Unexpected argument 'extra'"],
  [["--yes"], "--yes belongs to --reset"],
])("%j is refused with one sentence", (args, sentence) => {
  const asked = read(...args);
  expect(asked).toMatchObject({ kind: "refused", message: expect.stringContaining(sentence) });
});
