/** One call of a client library, and what is to be expected of it here. */
export type Check = Readonly<{
  call: string;
  /** "differs" works but not quite as Binance does; "absent" must be refused. */
  expects: "conforms" | "differs" | "absent";
  note: string;
  run: () => unknown;
}>;

export type Verdict = Readonly<{ call: string; verdict: string; note: string }>;

const patienceMs = 8000;

/** Collects the calls of one client in their order. */
export class Checks {
  readonly list: Check[] = [];

  add(call: string, run: () => unknown, expects: Check["expects"] = "conforms", note = ""): void {
    this.list.push({ call, run, expects, note });
  }

  /** A call this exchange does not have. */
  absent(call: string, run: () => unknown, note = ""): void {
    this.add(call, run, "absent", note);
  }

  differs(call: string, note: string, run: () => unknown): void {
    this.add(call, run, "differs", note);
  }
}

/** Runs a client's calls one after the other; a broken expectation fails with its reason. */
export async function judge(checks: Checks): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const { call, run, expects, note } of checks.list) {
    const problem = await attempt(run);
    const isRefused = problem !== null;
    const verdict =
      isRefused === (expects === "absent") ? expects : `FAILS: ${problem ?? "it answered"}`;
    verdicts.push({ call, verdict, note });
  }
  return verdicts;
}

async function attempt(run: () => unknown): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer")), patienceMs);
  });
  try {
    await Promise.race([run(), patience]);
    return null;
  } catch (error) {
    return error instanceof Error
      ? `${error.name} ${error.message}`.slice(0, 300)
      : JSON.stringify(error);
  } finally {
    clearTimeout(timer);
  }
}

/** A client's verdicts as a Markdown table. */
export function tableOf(title: string, verdicts: readonly Verdict[]): string {
  const lines = verdicts.map(({ call, verdict, note }) => `| \`${call}\` | ${verdict} | ${note} |`);
  return [`### ${title}`, "", "| Call | Result | Note |", "| --- | --- | --- |", ...lines, ""].join(
    "\n",
  );
}
