import { crc32, inflateSync } from "node:zlib";
import { PlatformError } from "../platform/errors.ts";

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** What a picture needs to be seen; texts, profiles and whatever else files carry along are left out. */
const kept = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"];
export const pngBytesMax = 65_536;
const sideMax = 512;

type Chunk = Readonly<{ name: string; data: Buffer; whole: Buffer }>;

/** The picture and nothing besides. Throws `picture-refused` for what is not a whole PNG of a fitting size. */
export function cleanPng(file: Buffer): Buffer {
  if (file.length > pngBytesMax || !file.subarray(0, 8).equals(signature)) throw refused();
  const chunks = chunksOf(file);
  const [header] = chunks;
  if (header?.name !== "IHDR" || header.data.length !== 13) throw refused();
  if (chunks.at(-1)?.name !== "IEND") throw refused();
  requirePixels(chunks, pixelBytes(header.data));
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

/** How many bytes the pixels of a picture with this header are, a byte before each row included. */
function pixelBytes(header: Buffer): number {
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  if ([width, height].some((side) => side < 1 || side > sideMax)) throw refused();
  const [depth = 0, colours = 0, , , interlaced = 0] = header.subarray(8);
  const channels = depthsOf[colours]?.includes(depth) === true ? channelsOf[colours] : undefined;
  const passes = [onePass, sevenPasses][interlaced];
  if (channels === undefined || passes === undefined) throw refused();
  return passes.reduce((sum, [left, top, right, down]) => {
    const [columns, rows] = [Math.ceil((width - left) / right), Math.ceil((height - top) / down)];
    const rowBytes = 1 + Math.ceil((columns * channels * depth) / 8);
    return sum + (columns > 0 && rows > 0 ? rows * rowBytes : 0);
  }, 0);
}

/** By the kind of colours: bits of a channel, and channels of a pixel. */
const depthsOf: Readonly<Record<number, readonly number[]>> = {
  ...{ 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8] },
  ...{ 4: [8, 16], 6: [8, 16] },
};
const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** First column, first row, and steps from one to the next. */
type Pass = readonly [left: number, top: number, right: number, down: number];
const onePass: readonly Pass[] = [[0, 0, 1, 1]];
const sevenPasses: readonly Pass[] = [
  ...([
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
  ] as const),
  ...([
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ] as const),
];

function requirePixels(chunks: readonly Chunk[], bytes: number): void {
  const packed = chunks.filter(({ name }) => name === "IDAT").map(({ data }) => data);
  try {
    // No byte more is made of what claims to be small.
    if (inflateSync(Buffer.concat(packed), { maxOutputLength: bytes }).length === bytes) return;
  } catch {
    throw refused();
  }
  throw refused();
}

const refused = () =>
  new PlatformError("picture-refused", "The logo is not a PNG of at most 64 kB and 512 × 512.", {
    errors: [{ where: "image", message: "must be a PNG of at most 64 kB and 512 × 512" }],
  });
