import { createWriteStream } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Uploaded files on their way to the parser, under `<dataDir>/uploads`; web and worker share the folder. */
export type Uploads = ReturnType<typeof openUploads>;

const orphanAfterMs = 3_600_000;

export function openUploads(dataDir: string) {
  const dir = join(dataDir, "uploads");
  const fileOf = (taskId: string) => join(dir, `${taskId}.upload`);
  const candlesOf = (taskId: string) => join(dir, `${taskId}.tpc`);
  const remove = async (taskId: string): Promise<void> => {
    await rm(fileOf(taskId), { force: true });
    await rm(candlesOf(taskId), { force: true });
  };
  return {
    dir,
    fileOf,
    candlesOf,
    remove,

    /** Writes a stream to disk as it comes; nothing is left of one that breaks off. Tells its bytes. */
    async receive(taskId: string, content: Readable): Promise<number> {
      await mkdir(dir, { recursive: true, mode: 0o700 });
      try {
        await pipeline(content, createWriteStream(fileOf(taskId), { flags: "wx", mode: 0o600 }));
        return (await stat(fileOf(taskId))).size;
      } catch (error) {
        await remove(taskId);
        throw error;
      }
    },

    /** Removes files that no open task needs any more: of ended tasks, and of uploads that broke off. */
    async sweep(openAmong: (ids: string[]) => Promise<Set<string>>, nowMs: number): Promise<void> {
      const names = await readdir(dir).catch(() => []);
      const ids = [...new Set(names.map((name) => name.split(".")[0] ?? ""))].filter(isId);
      const open = await openAmong(ids);
      for (const name of names) {
        if (open.has(name.split(".")[0] ?? "")) continue;
        const found = await stat(join(dir, name)).catch(() => null);
        if (found !== null && nowMs - found.mtimeMs > orphanAfterMs) {
          await rm(join(dir, name), { force: true });
        }
      }
    },
  };
}

const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
