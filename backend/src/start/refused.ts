/** The platform cannot start, for a reason its operator can mend: the message is one sentence that says how. */
export class StartRefused extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = "StartRefused";
  }
}

/** Turns what the file system refused into that sentence; anything else is thrown on as it is. */
export function refusedByDisk(error: unknown, path: string): never {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === "ENOSPC" || code === "EDQUOT") throw diskFull(path);
  if (code === "EACCES" || code === "EPERM") {
    throw new StartRefused(
      `${path} belongs to another user: give it to this user, or choose another directory with --data.`,
    );
  }
  if (code === "EROFS") {
    throw new StartRefused(`${path} is on a read-only disk: choose another directory with --data.`);
  }
  if (code === "ENOTDIR" || code === "EEXIST") {
    throw new StartRefused(`${path} is not a directory: choose another one with --data.`);
  }
  throw error;
}

export const diskFull = (path: string) =>
  new StartRefused(`The disk that holds ${path} is full: free some space and start again.`);
