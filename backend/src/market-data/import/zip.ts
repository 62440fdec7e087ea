import type { Readable } from "node:stream";
import yauzl, { type Entry, type ZipFile } from "yauzl";
import { PlatformError } from "../../platform/errors.ts";
import type { ImportLimits } from "./limits.ts";
import { refuseFile } from "./refusal.ts";
import { type Bytes, messageOf, refuseBomb } from "./unpacking.ts";

const newline = Buffer.from("\n");

/** The text files of a zip archive in the order of their names, one after the other. */
export async function* openArchive(
  path: string,
  limits: ImportLimits,
  onProgress?: (share: number) => void,
): Bytes {
  const archive = await guarded(openZip(path));
  try {
    const entries = await guarded(readEntries(archive, limits));
    const declared = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
    const packed = entries.reduce((sum, entry) => sum + entry.compressedSize, 0);
    refuseBomb(declared, packed, limits);
    let expanded = 0;
    for (const entry of entries) {
      for await (const block of guardedBlocks(await guarded(openEntry(archive, entry)))) {
        expanded += block.length;
        refuseBomb(expanded, packed, limits);
        onProgress?.(Math.min(1, expanded / declared));
        yield block;
      }
      yield newline;
    }
  } finally {
    archive.close();
  }
}

const openZip = (path: string): Promise<ZipFile> =>
  new Promise((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true };
    yauzl.open(path, options, (error, archive) => (error ? reject(error) : resolve(archive)));
  });

function readEntries(archive: ZipFile, limits: ImportLimits): Promise<Entry[]> {
  if (archive.entryCount > limits.archiveEntriesMax) {
    throw refuseFile(`The archive holds more than ${limits.archiveEntriesMax} files.`);
  }
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    archive.on("error", reject);
    archive.on("entry", (entry: Entry) => {
      if (isCandleFile(entry.fileName)) entries.push(entry);
      archive.readEntry();
    });
    archive.on("end", () => {
      if (entries.length === 0)
        return reject(refuseFile("The archive holds no .csv, .txt or .json file."));
      resolve(entries.sort((a, b) => (a.fileName < b.fileName ? -1 : 1)));
    });
    archive.readEntry();
  });
}

const isCandleFile = (name: string): boolean =>
  /\.(csv|txt|json)$/i.test(name) && !name.startsWith("__MACOSX/");

function openEntry(archive: ZipFile, entry: Entry): Promise<Readable> {
  if ((entry.generalPurposeBitFlag & 1) === 1) {
    throw refuseFile("The archive is encrypted; unpack it and import the file inside.");
  }
  return new Promise((resolve, reject) => {
    archive.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
}

async function* guardedBlocks(stream: Readable): Bytes {
  try {
    yield* stream as AsyncIterable<Buffer>;
  } catch (error) {
    throw damaged(error);
  } finally {
    stream.destroy();
  }
}

async function guarded<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw damaged(error);
  }
}

const damaged = (error: unknown): Error =>
  error instanceof PlatformError
    ? error
    : refuseFile(`The zip archive is damaged or cut short (${messageOf(error)}).`);
