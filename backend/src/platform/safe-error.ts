/** What may be written of an error. */
export type ErrorFields = {
  name: string;
  message: string;
  code?: unknown;
  stack?: string;
  cause?: unknown;
};

/**
 * The one way from an error to a log, a queue or a screen: its words, code and place, and those of what caused it.
 * Of a failed statement the SQL stays, and the values that were bound to it never do; nor what PostgreSQL quotes of
 * rows and input in `detail` and `where`, and in the message of a value it cannot take.
 */
export function errorFields(error: unknown): ErrorFields {
  if (!(error instanceof Error)) return { name: "Error", message: withoutValues(String(error)) };
  const fields: ErrorFields = { name: error.name, message: messageOf(error) };
  if ("code" in error) fields.code = error.code;
  if (error.stack !== undefined)
    fields.stack = [
      `${error.name}: ${fields.message}`,
      ...framesOf(error.stack, error.message),
    ].join("\n");
  if (error.cause !== undefined) fields.cause = errorFields(error.cause);
  return fields;
}

/** The same as an error, for whatever keeps or prints what is thrown: it has nothing else to give away. */
export function safeError(error: unknown): Error {
  const { name, message, code, stack } = errorFields(error);
  const cause = error instanceof Error ? error.cause : undefined;
  const safe = new Error(message, cause === undefined ? undefined : { cause: safeError(cause) });
  return Object.assign(safe, { name, stack }, code === undefined ? {} : { code });
}

const sqlLengthMax = 300;

function messageOf(error: Error): string {
  const { message } = error;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  // Class 22, "data exception": its sentence repeats the value.
  if ("severity" in error && code.startsWith("22"))
    return `PostgreSQL cannot take a value (${code})`;
  return withoutValues(message);
}

/** A failed statement tells its SQL first and every bound value behind it, whoever repeats its words. */
function withoutValues(message: string): string {
  const [sql = "", ...values] = message.split("\nparams: ");
  return values.length === 0 ? message : sql.slice(0, sqlLengthMax);
}

/** A stack begins with the message as it was when the error was made; where that is not found, only its last lines are places. */
function framesOf(stack: string, message: string): string[] {
  const at = stack.indexOf(message);
  const lines = (at === -1 ? stack : stack.slice(at + message.length)).split("\n");
  const first = lines.findLastIndex((line) => !/^\s+at /.test(line)) + 1;
  return lines.slice(first);
}
