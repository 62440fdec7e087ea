type Stream = Readonly<{ isTTY?: boolean; write(text: string): unknown }>;

/** What a person sees of a start: one ticked line per step, with its seconds. */
export type Report = Readonly<{
  /** Runs the work and ticks it off; a note returned by it stands behind the title. */
  step<Result>(title: string, work: (note: Note) => Promise<Result>): Promise<Result>;
  say(line: string): void;
}>;

export type Note = (text: string) => void;

export function createReport(stream: Stream): Report {
  const isLive = stream.isTTY === true;
  const line = (mark: string, title: string, note: string, begin: number) => {
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    const rest = note === "" ? "" : `   ${note}`;
    stream.write(
      `${isLive ? "\r\u001b[K" : ""}${mark} ${title.padEnd(24)}${seconds.padStart(6)} s${rest}\n`,
    );
  };
  return {
    async step(title, work) {
      const begin = performance.now();
      let note = "";
      const running = (text: string) => {
        note = text;
        if (isLive) stream.write(`\r\u001b[K… ${title}${text === "" ? "" : `   ${text}`}`);
      };
      running("");
      try {
        const result = await work(running);
        line("✔", title, note, begin);
        return result;
      } catch (error) {
        line("✖", title, "", begin);
        throw error;
      }
    },
    say: (text) => void stream.write(`${text}\n`),
  };
}
