import { mkdir, statfs } from "node:fs/promises";
import type { MultipartFile } from "@fastify/multipart";
import { type DataTask, importOptions } from "@trading/contracts/market-data";
import type { FastifyRequest } from "fastify";
import { PlatformError } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import { inMebibytes } from "./import/unpacking.ts";
import type { MarketData } from "./store.ts";
import { readSymbol } from "./symbol.ts";

type Needs = Pick<
  MarketData,
  "tasks" | "uploads" | "series" | "uploadFileBytesMax" | "uploadQuotaBytes"
>;

const roomBytesMin = 1024 ** 3;
/** Boundaries and fields around the file. */
const envelopeBytes = 64 * 1024;

/**
 * Takes an uploaded file: the fields come first, then the file, which goes to disk as it arrives. Who sends
 * it was checked before the first byte and is again after the last; a token that expires meanwhile does not matter.
 */
export async function receiveImport(needs: Needs, request: FastifyRequest): Promise<DataTask> {
  const userId = request.user.id;
  if (!/boundary=/i.test(request.headers["content-type"] ?? "")) {
    throw new PlatformError("malformed-body", "The form's content type names no boundary.");
  }
  await requireRoom(needs, userId, Number(request.headers["content-length"] ?? 0));
  return Promise.race([readForm(needs, request), tooMuch(needs, request)]);
}

async function readForm(needs: Needs, request: FastifyRequest): Promise<DataTask> {
  const fields: Record<string, unknown> = Object.create(null);
  const limits = {
    ...{ fieldNameSize: 100, fieldSize: 1_000, fields: 10, parts: 12 },
    ...{ files: 1, fileSize: needs.uploadFileBytesMax, headerPairs: 20 },
  };
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type === "file") return await receiveFile(needs, request, fields, part);
      fields[part.fieldname] = part.value;
    }
  } catch (error) {
    throw brokenForm(error) ?? error;
  }
  throw new PlatformError("malformed-body", "The form holds no file.");
}

/** Rejects once more has come than a form may hold, whatever it is: not everything becomes a part. */
function tooMuch(needs: Needs, { raw }: FastifyRequest): Promise<never> {
  let left = needs.uploadFileBytesMax + envelopeBytes;
  return new Promise((_done, refuse) => {
    raw.on("data", (piece: Buffer) => {
      left -= piece.length;
      if (left < 0) refuse(tooLarge(needs));
    });
  });
}

/** The reader of forms says in plain errors what it cannot read; null for any other error. */
const brokenForm = (error: unknown): PlatformError | null =>
  error instanceof Error && /multipart|malformed part|part terminated/i.test(error.message)
    ? new PlatformError("malformed-body", "The form cannot be read.")
    : null;

async function receiveFile(
  needs: Needs,
  request: FastifyRequest,
  fields: Record<string, unknown>,
  part: MultipartFile,
): Promise<DataTask> {
  const options = readOptions(fields);
  const id = newId();
  const bytes = await needs.uploads.receive(id, part.file);
  try {
    if (part.file.truncated) throw tooLarge(needs);
    const fileName = visible(part.filename).slice(-120) || "file";
    const title = `${options.symbol} from ${fileName}`;
    const task = { ...options, fileName, bytes };
    await request.judgeAgain();
    return await needs.tasks.add(request.user.id, title, { kind: "import", request: task }, id);
  } catch (error) {
    await needs.uploads.remove(id);
    throw error;
  }
}

function readOptions(fields: Record<string, unknown>) {
  const filled = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ""));
  const read = importOptions.safeParse(filled);
  if (!read.success) {
    const errors = read.error.issues.map((issue) => ({
      where: issue.path.join(".") || "form",
      message: issue.message,
    }));
    throw new PlatformError("validation-failed", "The fields of the form are not valid.", {
      errors,
    });
  }
  return { ...read.data, symbol: readSymbol(read.data.symbol).symbol };
}

async function requireRoom(needs: Needs, userId: string, bytes: number): Promise<void> {
  if (bytes > needs.uploadFileBytesMax + envelopeBytes) throw tooLarge(needs);
  if ((await needs.series.uploadBytes(userId)) >= needs.uploadQuotaBytes) {
    throw new PlatformError(
      "quota-exceeded",
      "Your uploads fill your quota. Delete a series first.",
    );
  }
  await mkdir(needs.uploads.dir, { recursive: true, mode: 0o700 });
  const disk = await statfs(needs.uploads.dir);
  if (disk.bavail * disk.bsize < roomBytesMin) {
    throw new PlatformError("not-ready", "The server's disk is nearly full; tell the operator.");
  }
}

const tooLarge = ({ uploadFileBytesMax }: Needs) =>
  new PlatformError(
    "too-large",
    `The file is too large; at most ${inMebibytes(uploadFileBytesMax)} are taken. Split it by time.`,
  );

const visible = (name: string): string => name.replace(/[^\p{L}\p{N} ._()+-]/gu, "_");
