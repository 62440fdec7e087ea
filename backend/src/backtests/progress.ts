/** Tells how far a backtest is, at most four times a second. */
export type Progress = Readonly<{
  /** `share` is of this step, 0 to 1. */
  tell(step: string, share: number): void;
  /** Waits for the last write; later calls are ignored. */
  end(): Promise<void>;
}>;

type Write = (share: number, step: string, remainingMs: number | null) => Promise<void>;

const everyMs = 250;
/** Below this share a guess at the end would jump about. */
const guessFrom = 0.05;

export function createProgress(write: Write, onError: (error: unknown) => void): Progress {
  let writing = Promise.resolve();
  let isEnded = false;
  let step = "";
  let stepAt = 0;
  let writtenAt = Number.NEGATIVE_INFINITY;

  return {
    tell(nextStep, share) {
      const now = performance.now();
      const isNewStep = nextStep !== step;
      if (isEnded || (!isNewStep && now - writtenAt < everyMs)) return;
      if (isNewStep) stepAt = now;
      step = nextStep;
      writtenAt = now;
      const remainingMs =
        share < guessFrom ? null : Math.round(((now - stepAt) * (1 - share)) / share);
      writing = writing.then(() => write(share, nextStep, remainingMs)).catch(onError);
    },
    end() {
      isEnded = true;
      return writing;
    },
  };
}
