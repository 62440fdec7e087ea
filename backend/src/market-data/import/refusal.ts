import { PlatformError } from "../../platform/errors.ts";

export type BadLine = Readonly<{ line: number; message: string }>;

/** The whole file is refused: one sentence why, and the lines that are to blame. */
export const refuseFile = (detail: string, badLines: readonly BadLine[] = []): PlatformError =>
  refusal("file-refused", detail, badLines);

/** The file is refused for lines that it could be imported without. */
export const refuseLines = (detail: string, badLines: readonly BadLine[]): PlatformError =>
  refusal("bad-lines", detail, badLines);

const refusal = (
  code: "file-refused" | "bad-lines",
  detail: string,
  badLines: readonly BadLine[],
): PlatformError =>
  new PlatformError(
    code,
    detail,
    badLines.length === 0
      ? {}
      : { errors: badLines.map(({ line, message }) => ({ where: `line ${line}`, message })) },
  );
