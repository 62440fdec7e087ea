import { closeSync, openSync, readFileSync, renameSync, statSync, writeSync } from "node:fs";

/** A log file of at most `bytesMax`, with one older file (`….1`) beside it: a process that runs for years fills no disk. */
export type RotatingLog = Readonly<{
  path: string;
  write(text: string | Uint8Array): void;
  /** The last lines, to explain why a process ended. */
  tail(lines: number): string;
  close(): void;
}>;

export function openRotatingLog(path: string, bytesMax = 10_000_000): RotatingLog {
  let file = openSync(path, "a", 0o600);
  let bytes = statSync(path).size;
  return {
    path,
    write(text) {
      if (bytes > bytesMax) {
        closeSync(file);
        renameSync(path, `${path}.1`);
        file = openSync(path, "a", 0o600);
        bytes = 0;
      }
      try {
        bytes += typeof text === "string" ? writeSync(file, text) : writeSync(file, text);
      } catch {
        // A full disk must not end the supervisor; the line is lost.
      }
    },
    tail: (lines) => readFileSync(path, "utf8").trimEnd().split("\n").slice(-lines).join("\n"),
    close: () => closeSync(file),
  };
}
