import { PlatformError } from "../../platform/errors.ts";

export type BadLine = Readonly<{ line: number; message: string }>;

/** The whole file is refused: one sentence why, and the lines that are to blame. */
export const refuseFile = (detail: string, badLines: readonly BadLine[] = []): PlatformError =>
  new PlatformError(
    "file-refused",
    detail,
    badLines.length === 0
      ? {}
      : { errors: badLines.map(({ line, message }) => ({ where: `line ${line}`, message })) },
  );
