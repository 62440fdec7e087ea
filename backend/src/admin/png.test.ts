import { crc32, deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { cleanPng } from "./png.ts";

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
function header(side: number, kind: readonly [number, number, number] = [8, 0, 0]): Buffer {
  const [depth, colours, interlaced] = kind;
  const data = Buffer.alloc(13);
  data.writeUInt32BE(side, 0);
  data.writeUInt32BE(side, 4);
  data.set([depth, colours, 0, 0, interlaced], 8);
  return chunk("IHDR", data);
}
const pixels = chunk("IDAT", deflateSync(Buffer.alloc(6)));
const end = chunk("IEND", Buffer.alloc(0));
const png = (...chunks: Buffer[]) => Buffer.concat([signature, ...chunks]);
const good = png(header(2), pixels, end);

test("a picture stays, what a file carries along goes", () => {
  expect(cleanPng(good)).toEqual(good);
  const note = chunk("tEXt", Buffer.from("Comment\0<script>"));
  expect(cleanPng(png(header(2), note, pixels, end))).toEqual(good);
});

test.each([
  ["one bit of grey", [1, 0, 0], 9 * 3],
  ["a palette of 16", [4, 3, 0], 9 * 6],
  ["colours with 16 bits and alpha", [16, 6, 0], 9 * 73],
  ["interlaced colours", [8, 2, 1], 262],
] as const)(
  "%s has as many bytes as its header says, no fewer and no more",
  (_what, kind, bytes) => {
    const picture = (size: number) =>
      png(header(9, kind), chunk("IDAT", deflateSync(Buffer.alloc(size))), end);
    expect(cleanPng(picture(bytes))).toEqual(picture(bytes));
    for (const size of [0, bytes - 1, bytes + 1])
      expect(() => cleanPng(picture(size))).toThrow("not a PNG");
  },
);

test.each([
  ["no picture", Buffer.from("<svg onload=alert(1)>")],
  ["a page behind the signature", Buffer.concat([signature, Buffer.from("<script>")])],
  ["something after the end", Buffer.concat([good, Buffer.from("<script>")])],
  ["a wide one", png(header(513), pixels, end)],
  ["none at all", png(header(0), pixels, end)],
  ["one without pixels", png(header(2), end)],
  ["one without end", png(header(2), pixels)],
  ["a kind of colours that is none", png(header(2, [8, 5, 0]), pixels, end)],
  ["a bomb", png(header(2), chunk("IDAT", deflateSync(Buffer.alloc(5_000_000))), end)],
  ["a broken sum", Buffer.from(good.map((byte, i) => (i === 20 ? byte ^ 1 : byte)))],
])("%s is refused", (_what, file) => {
  expect(() => cleanPng(file)).toThrow("not a PNG");
});
