import { createHash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, relative, resolve, sep } from "node:path";
import {
  type BuildFailure,
  build,
  type Message,
  type OnResolveArgs,
  type OnResolveResult,
  type Plugin,
  stop,
} from "esbuild";
import { checkCode } from "./check-code.ts";
import { originalPosition } from "./source-lines.ts";

/** Why a strategy file cannot be used: the file as the user knows it, the line, and what to do about it. */
export type Refused = Readonly<{
  kind: "refused";
  file: string;
  line: number | null;
  message: string;
}>;

/** One strategy as one script, the engine left outside. */
export type Bundle = Readonly<{
  kind: "bundled";
  /** Path inside the strategies directory. */
  file: string;
  /** What the author wrote; files that it imports follow, each under its name. */
  source: string;
  /** CommonJS; evaluated by the engine's `evaluateStrategy`. */
  code: string;
  /** SHA-256 (hex) of `code`. */
  version: string;
  /** Source map without sources, to name lines of the original in failures. */
  map: string;
}>;

/** Ends the bundler's own process; the next bundle starts it again. */
export const closeBundler = (): Promise<void> => stop();

const engineName = "@trading/engine";
const sourceBytesMax = 1_000_000;

/**
 * Bundles a strategy file and everything it imports from inside `root` (its own folder unless told otherwise).
 * Never runs it. Refuses syntax errors, imports of anything but the engine and files inside `root`, and code that
 * could see the clock, chance, the network or the machine.
 */
export async function bundleStrategy(
  path: string,
  root = dirname(path),
): Promise<Bundle | Refused> {
  const file = relative(root, path) || basename(path);
  const size = await stat(path).then(
    (found) => (found.isFile() ? found.size : null),
    () => null,
  );
  if (size === null) return refuse(file, null, "The file cannot be read.");
  if (size > sourceBytesMax) return refuse(file, null, "The file is larger than 1 MB.");
  try {
    return await bundle(resolve(path), resolve(root), file);
  } catch (error) {
    return refusedByEsbuild(error, file, root);
  }
}

async function bundle(path: string, root: string, file: string): Promise<Bundle | Refused> {
  await lookAtImports(path, root);
  const built = await build({
    entryPoints: [path],
    absWorkingDir: root,
    bundle: true,
    write: false,
    outfile: "strategy.js",
    format: "cjs",
    platform: "neutral",
    target: "es2024",
    charset: "utf8",
    sourcemap: "external",
    sourcesContent: false,
    metafile: true,
    treeShaking: true,
    // Without it `this` in a plain function would be the global object.
    banner: { js: '"use strict";' },
    logLevel: "silent",
    tsconfigRaw: {},
    plugins: [onlyOwnFiles(root)],
  });
  const code = textOf(built.outputFiles, ".js");
  const map = textOf(built.outputFiles, ".js.map");
  const offence = checkCode(code);
  if (offence !== null) {
    const found = originalPosition(map, offence.line, offence.column);
    return refuse(found?.file ?? file, found?.line ?? null, offence.message);
  }
  return {
    kind: "bundled",
    file,
    source: await sourceOf(Object.keys(built.metafile.inputs), root, file),
    code,
    version: createHash("sha256").update(code).digest("hex"),
    map,
  };
}

/** esbuild drops an import that nothing uses before anybody sees it; one look without that meets them all. */
async function lookAtImports(path: string, root: string): Promise<void> {
  const plugin = onlyOwnFiles(root);
  try {
    await build({
      entryPoints: [path],
      absWorkingDir: root,
      bundle: true,
      write: false,
      format: "esm",
      platform: "neutral",
      logLevel: "silent",
      tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
      plugins: [plugin],
    });
  } catch (error) {
    // Types that are imported like values are missing here, and nowhere else.
    const errors = (error as BuildFailure).errors.filter(
      ({ pluginName }) => pluginName === plugin.name,
    );
    if (errors.length > 0) throw Object.assign(new Error("imports"), { errors });
  }
}

/** Resolves the engine to itself, files below `root` to themselves, and refuses everything else. */
const onlyOwnFiles = (root: string): Plugin => ({
  name: "only-own-files",
  setup(hooks) {
    hooks.onResolve({ filter: /.*/ }, (wanted) => resolveImport(wanted, root));
  },
});

function resolveImport(wanted: OnResolveArgs, root: string): OnResolveResult {
  if (wanted.kind === "entry-point") return { path: wanted.path };
  if (wanted.kind !== "import-statement")
    return refuseImport("Write imports as `import { … } from`.");
  if (wanted.path === engineName) return { path: engineName, external: true };
  if (!/^\.{1,2}\//.test(wanted.path)) {
    return refuseImport(
      `"${wanted.path}" cannot be imported. A strategy may import "${engineName}" and files beside it.`,
    );
  }
  const asked = resolve(wanted.resolveDir, wanted.path);
  const target = [asked, `${asked}.ts`].find((path) => existsSync(path));
  if (target === undefined) return refuseImport(`"${wanted.path}" does not exist.`);
  // A symbolic link must not lead out of the directory either.
  const real = realpathSync(target);
  if (!real.startsWith(realpathSync(root) + sep)) {
    return refuseImport(`"${wanted.path}" lies outside the strategies directory.`);
  }
  if (!/\.[tj]s$/.test(real)) return refuseImport(`"${wanted.path}" is not a TypeScript file.`);
  return { path: target };
}

const refuseImport = (text: string): OnResolveResult => ({ errors: [{ text }] });

async function sourceOf(inputs: readonly string[], root: string, file: string): Promise<string> {
  const others = inputs
    .map((input) => relative(root, resolve(root, input)))
    .filter((name) => name !== file);
  const parts = [await readFile(resolve(root, file), "utf8")];
  for (const name of others.sort()) {
    parts.push(`\n// ${name}\n${await readFile(resolve(root, name), "utf8")}`);
  }
  return parts.join("");
}

function textOf(
  files: readonly { path: string; text: string }[] | undefined,
  ending: string,
): string {
  const found = files?.find((file) => file.path.endsWith(ending));
  if (found === undefined) throw new Error(`esbuild wrote no ${ending}`);
  return found.text;
}

function refusedByEsbuild(error: unknown, file: string, root: string): Refused {
  const first = (error as { errors?: Message[] }).errors?.[0];
  if (first === undefined) throw error;
  const where = first.location;
  const name = where === null ? file : relative(root, resolve(root, where.file));
  return refuse(name, where?.line ?? null, first.text);
}

const refuse = (file: string, line: number | null, message: string): Refused => ({
  kind: "refused",
  file,
  line,
  message,
});
