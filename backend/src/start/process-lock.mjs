// Plain JavaScript, because bootstrap.mjs needs it before a Node that strips types is there.
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * @typedef {{ pid: number, startedAt: string, note: string }} Holder
 * @typedef {{ kind: "held", note: (text: string) => void, release: () => void } | { kind: "taken", by: Holder }} Attempt
 */

/**
 * Takes the lock file for this process, or names the living process that holds it. A lock whose process has died (by
 * kill -9, by a power cut, its number since given to another process) is taken over.
 * @param {string} path
 * @param {string} [note] what others should know of the holder, such as its address
 * @returns {Attempt}
 */
export function takeLock(path, note = "") {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, serialize(note), { mode: 0o644 });
  try {
    for (;;) {
      // Atomic: the file appears with its content, or somebody else was first.
      if (isLinked(draft, path)) return held(path);
      const holder = readHolder(path);
      if (holder !== null && isAlive(holder)) return { kind: "taken", by: holder };
      if (existsSync(path) && isTakenOver(draft, path, holder)) return held(path);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** @param {string} path @returns {Attempt} */
function held(path) {
  return { kind: "held", note: (text) => rewrite(path, text), release: () => release(path) };
}

/**
 * Takes the lock file, waiting for as long as a living process holds it.
 * @param {string} path
 * @param {(holder: Holder) => void} [onWait] told once, when there is somebody to wait for
 */
export async function waitForLock(path, onWait) {
  for (let isFirst = true; ; isFirst = false) {
    const lock = takeLock(path);
    if (lock.kind === "held") return lock;
    if (isFirst) onWait?.(lock.by);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/**
 * Who holds the lock file, alive or not; null when there is none.
 * @param {string} path
 * @returns {Holder | null}
 */
export function readHolder(path) {
  try {
    const { pid, startedAt, note } = JSON.parse(readFileSync(path, "utf8"));
    return { pid: Number(pid), startedAt: String(startedAt), note: String(note) };
  } catch (error) {
    if (codeOf(error) === "ENOENT" || error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * True while the very process that wrote the lock lives; a later process with the same number does not count.
 * @param {Holder} holder
 */
export function isAlive({ pid, startedAt }) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === "ESRCH") return false;
  }
  const now = processStart(pid);
  return startedAt === "" || now === "" || now === startedAt;
}

/**
 * Names a process in a way that no later one with the same number shares.
 * @param {number} pid
 * @returns {Holder}
 */
export const nameProcess = (pid) => ({ pid, startedAt: processStart(pid), note: "" });

/** @param {string} note */
function serialize(note) {
  return JSON.stringify({ ...nameProcess(process.pid), note });
}

/** @param {string} path @param {string} note */
function rewrite(path, note) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, serialize(note), { mode: 0o644 });
  renameSync(draft, path);
}

/** @param {string} path */
function release(path) {
  if (readHolder(path)?.pid === process.pid) rmSync(path, { force: true });
}

/**
 * Many may find the same dead lock. Whoever makes the file that is named after its holder may replace it, and looks again
 * before: it may have been replaced since it was read.
 * @param {string} draft
 * @param {string} path
 * @param {Holder | null} dead
 */
function isTakenOver(draft, path, dead) {
  const right = `${path}.after-${dead?.pid ?? 0}`;
  if (!isLinked(draft, right)) {
    const other = readHolder(right);
    if (other !== null && !isAlive(other)) rmSync(right, { force: true });
    return false;
  }
  try {
    const now = readHolder(path);
    const isSame = now?.pid === dead?.pid && now?.startedAt === dead?.startedAt;
    if (!isSame || !existsSync(path)) return false;
    renameSync(draft, path);
    return true;
  } finally {
    rmSync(right, { force: true });
  }
}

/**
 * True when the second name was made for the file; false when it is there already.
 * @param {string} from
 * @param {string} to
 */
function isLinked(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/**
 * Boot id and start time in clock ticks: together they name a process for ever. Empty where /proc is absent.
 * @param {number} pid
 */
function processStart(pid) {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z") return `${boot}:dead`; // A zombie holds nothing any more.
    return `${boot}:${fields[19]}`;
  } catch {
    return "";
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return /** @type {{ code?: string }} */ (error)?.code;
}
