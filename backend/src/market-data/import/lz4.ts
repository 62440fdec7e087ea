const magic = 0x184d2204;
const blockSizes: Readonly<Record<number, number>> = {
  4: 65_536,
  5: 262_144,
  6: 1_048_576,
  7: 4_194_304,
};

/**
 * Unpacks one LZ4 frame (lz4 frame format 1.6.x), as feather files hold them; at most `bytesMax` come out.
 * Checksums are passed over: the reader of the content checks what it reads.
 */
export function unpackLz4Frame(frame: Uint8Array, bytesMax: number): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint32(0, true) !== magic) throw new Error("not an LZ4 frame");
  const flags = view.getUint8(4);
  const blockMax = blockSizes[(view.getUint8(5) >> 4) & 7];
  if (flags >> 6 !== 1 || blockMax === undefined) throw new Error("an unknown kind of LZ4 frame");
  const hasBlockChecksum = (flags & 0x10) !== 0;
  const hasSize = (flags & 0x08) !== 0;
  const hasDictionary = (flags & 0x01) !== 0;
  if (hasDictionary) throw new Error("an LZ4 frame that needs a dictionary");

  const out = new Output(hasSize ? Number(view.getBigUint64(6, true)) : blockMax, bytesMax);
  let offset = 6 + (hasSize ? 8 : 0) + 1;
  for (;;) {
    const size = view.getUint32(offset, true);
    offset += 4;
    if (size === 0) return out.bytes();
    const length = size & 0x7fffffff;
    const block = frame.subarray(offset, offset + length);
    if (block.length !== length) throw new Error("the LZ4 frame is cut short");
    if (size > 0x7fffffff) out.append(block);
    else unpackBlock(block, out);
    offset += length + (hasBlockChecksum ? 4 : 0);
  }
}

function unpackBlock(block: Uint8Array, out: Output): void {
  let offset = 0;
  const lengthAt = (short: number): number => {
    let length = short;
    if (short < 15) return length;
    for (let more = 255; more === 255; ) {
      more = byteAt(block, offset++);
      length += more;
    }
    return length;
  };
  while (offset < block.length) {
    const token = byteAt(block, offset++);
    const literals = lengthAt(token >> 4);
    if (offset + literals > block.length) throw new Error("the LZ4 block is damaged");
    out.append(block.subarray(offset, offset + literals));
    offset += literals;
    if (offset === block.length) return;
    const distance = byteAt(block, offset) + 256 * byteAt(block, offset + 1);
    offset += 2;
    out.repeat(distance, lengthAt(token & 15) + 4);
  }
}

function byteAt(bytes: Uint8Array, offset: number): number {
  const byte = bytes[offset];
  if (byte === undefined) throw new Error("the LZ4 block is damaged");
  return byte;
}

class Output {
  #bytes: Uint8Array;
  #length = 0;
  readonly #max: number;

  constructor(expected: number, max: number) {
    if (expected > max) throw new Error("the LZ4 frame unpacks to too much");
    this.#max = max;
    this.#bytes = new Uint8Array(expected);
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Copies what was written `distance` bytes ago; the copy may run into itself. */
  repeat(distance: number, length: number): void {
    if (distance === 0 || distance > this.#length) throw new Error("the LZ4 block is damaged");
    this.#reserve(length);
    const bytes = this.#bytes;
    const end = this.#length + length;
    for (let i = this.#length; i < end; i++) bytes[i] = bytes[i - distance] as number;
    this.#length = end;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed > this.#max) throw new Error("the LZ4 frame unpacks to too much");
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.min(this.#max, Math.max(needed, this.#bytes.length * 2)));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
