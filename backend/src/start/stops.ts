/** What has been started and must be stopped again, in the opposite order. */
export type Stops = Readonly<{
  add(name: string, stop: () => Promise<void> | void): void;
  /** Stops everything, once; what goes wrong with one part does not keep the others running. */
  run(onFailure: (name: string, error: unknown) => void): Promise<void>;
}>;

export function createStops(): Stops {
  const parts: { name: string; stop: () => Promise<void> | void }[] = [];
  let running: Promise<void> | null = null;
  const runAll = async (onFailure: (name: string, error: unknown) => void) => {
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      try {
        await part.stop();
      } catch (error) {
        onFailure(part.name, error);
      }
    }
  };
  return {
    add: (name, stop) => void parts.push({ name, stop }),
    run(onFailure) {
      running ??= runAll(onFailure);
      return running;
    },
  };
}
