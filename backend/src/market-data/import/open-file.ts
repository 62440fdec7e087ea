import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { PlatformError } from "../../platform/errors.ts";
import type { ImportLimits } from "./limits.ts";
import { refuseFile } from "./refusal.ts";
import { type Bytes, inMebibytes, messageOf, refuseBomb } from "./unpacking.ts";
import { openArchive } from "./zip.ts";

/** What a file is, told by its first bytes, never by its name. */
export type OpenedFile = { kind: "text"; bytes: Bytes } | { kind: "feather"; path: string };

type OpenOptions = Readonly<{ limits: ImportLimits; onProgress?: (share: number) => void }>;

const magics: readonly (readonly [string, readonly number[], string])[] = [
  ["Parquet", [0x50, 0x41, 0x52, 0x31], "Save it as CSV or as feather and import that."],
  [
    "feather version 1",
    [0x46, 0x45, 0x41, 0x31],
    "Save it as feather version 2 (Arrow) or CSV and import that.",
  ],
  ["7z", [0x37, 0x7a, 0xbc, 0xaf], "Unpack it and import the file inside."],
  ["RAR", [0x52, 0x61, 0x72, 0x21], "Unpack it and import the file inside."],
  ["xz", [0xfd, 0x37, 0x7a, 0x58], "Unpack it and import the file inside."],
  ["bzip2", [0x42, 0x5a, 0x68], "Unpack it and import the file inside."],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd], "Unpack it and import the file inside."],
  ["HDF5", [0x89, 0x48, 0x44, 0x46], "Save it as CSV or as feather and import that."],
];
const arrowMagic = [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31];
const zipMagic = [0x50, 0x4b];
const gzipMagic = [0x1f, 0x8b];

/** Opens a candle file and unpacks it on the way, never more of it in memory than a few blocks. */
export async function openCandleFile(path: string, options: OpenOptions): Promise<OpenedFile> {
  const { limits } = options;
  const found = await stat(path);
  if (found.isDirectory())
    throw refuseFile(`${path} is a directory: name a file of candles in it.`);
  const { size } = found;
  if (size === 0) throw refuseFile("The file is empty.");
  if (size > limits.fileBytesMax) {
    throw new PlatformError(
      "too-large",
      `The file has ${inMebibytes(size)}; at most ${inMebibytes(limits.fileBytesMax)} are taken. Split it by time.`,
    );
  }
  const head = await firstBytes(path);
  if (startsWith(head, arrowMagic)) return { kind: "feather", path };
  if (startsWith(head, zipMagic)) {
    return { kind: "text", bytes: checkText(openArchive(path, limits, options.onProgress)) };
  }
  if (startsWith(head, gzipMagic))
    return { kind: "text", bytes: checkText(gunzip(path, size, options)) };
  return { kind: "text", bytes: checkText(countRead(createReadStream(path), size, options)) };
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

const startsWith = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  magic.every((byte, index) => bytes[index] === byte);

async function* countRead(stream: Readable, size: number, { onProgress }: OpenOptions): Bytes {
  let read = 0;
  for await (const block of stream as AsyncIterable<Buffer>) {
    read += block.length;
    onProgress?.(Math.min(1, read / size));
    yield block;
  }
}

async function* gunzip(path: string, size: number, options: OpenOptions): Bytes {
  const source = createReadStream(path);
  const unpacked = createGunzip();
  source.on("error", (error) => unpacked.destroy(error));
  source.pipe(unpacked);
  let expanded = 0;
  try {
    for await (const block of unpacked as AsyncIterable<Buffer>) {
      expanded += block.length;
      refuseBomb(expanded, source.bytesRead, options.limits);
      options.onProgress?.(Math.min(1, source.bytesRead / size));
      yield block;
    }
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    throw refuseFile(`The gzip file is damaged or cut short (${messageOf(error)}).`);
  } finally {
    source.destroy();
    unpacked.destroy();
  }
}

/** Lets text pass. Other formats and binary data are refused with what they are. */
async function* checkText(blocks: Bytes): Bytes {
  let isFirst = true;
  for await (const block of blocks) {
    if (isFirst && block.length > 0) {
      refuseKnownFormat(block);
      isFirst = false;
    }
    if (block.includes(0))
      throw refuseFile("The file is binary, and none of the formats that hold candles.");
    yield block;
  }
}

function refuseKnownFormat(block: Buffer): void {
  const known = magics.find(([, magic]) => startsWith(block, magic));
  if (known !== undefined) throw refuseFile(`This is a ${known[0]} file. ${known[2]}`);
  if (startsWith(block, gzipMagic) || startsWith(block, [0x50, 0x4b, 3, 4])) {
    throw refuseFile(
      "This is an archive inside an archive. Unpack it once and import the file inside.",
    );
  }
  if (startsWith(block, arrowMagic)) {
    throw refuseFile("This is a packed feather file. Unpack it and import the file inside.");
  }
  if (startsWith(block, [0xff, 0xfe]) || startsWith(block, [0xfe, 0xff])) {
    throw refuseFile("The text is in UTF-16. Save it as UTF-8 and import that.");
  }
}
