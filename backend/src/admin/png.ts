import { crc32, inflateSync } from "node:zlib";
import { PlatformError } from "../platform/errors.ts";

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** What a picture needs to be seen; texts, profiles and whatever else files carry along are left out. */
const kept = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"];
export const pngBytesMax = 65_536;
const sideMax = 512;
/** More than a picture of that size can hold: 16 bits for each of four channels. */
const pixelBytesMax = sideMax * (sideMax * 8 + 1);

type Chunk = Readonly<{ name: string; data: Buffer; whole: Buffer }>;

/** The picture and nothing besides. Throws `picture-refused` for what is not a whole PNG of a fitting size. */
export function cleanPng(file: Buffer): Buffer {
  if (file.length > pngBytesMax || !file.subarray(0, 8).equals(signature)) throw refused();
  const chunks = chunksOf(file);
  const [header] = chunks;
  if (header?.name !== "IHDR" || header.data.length !== 13) throw refused();
  if (chunks.at(-1)?.name !== "IEND") throw refused();
  const sides = [header.data.readUInt32BE(0), header.data.readUInt32BE(4)];
  if (sides.some((side) => side < 1 || side > sideMax)) throw refused();
  requirePixels(chunks);
  return Buffer.concat([
    signature,
    ...chunks.filter(({ name }) => kept.includes(name)).map(({ whole }) => whole),
  ]);
}

function chunksOf(file: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 8; at < file.length; ) {
    if (at + 12 > file.length) throw refused();
    const end = at + 12 + file.readUInt32BE(at);
    if (end > file.length) throw refused();
    const whole = file.subarray(at, end);
    if (crc32(whole.subarray(4, -4)) !== whole.readUInt32BE(whole.length - 4)) throw refused();
    chunks.push({ name: whole.toString("latin1", 4, 8), data: whole.subarray(8, -4), whole });
    at = end;
  }
  return chunks;
}

function requirePixels(chunks: readonly Chunk[]): void {
  const packed = chunks.filter(({ name }) => name === "IDAT").map(({ data }) => data);
  try {
    inflateSync(Buffer.concat(packed), { maxOutputLength: pixelBytesMax });
  } catch {
    throw refused();
  }
}

const refused = () =>
  new PlatformError("picture-refused", "The logo is not a PNG of at most 64 kB and 512 × 512.", {
    errors: [{ where: "image", message: "must be a PNG of at most 64 kB and 512 × 512" }],
  });
