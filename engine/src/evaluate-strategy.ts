import { DefinitionError } from "./errors.ts";
import { isStrategy, type Strategy } from "./strategy.ts";

/**
 * Runs a bundled strategy script (CommonJS, knows `@trading/engine` only) and returns what it exports by default.
 * Call it where strategy code may run: a strategy host or a worker under a strict policy, never beside keys.
 * Throws `DefinitionError` when the script fails or exports something else.
 */
export function evaluateStrategy(code: string, engine: object): Strategy {
  const module: { exports: Record<string, unknown> } = { exports: {} };
  const require = (name: string): object => {
    if (name === "@trading/engine") return engine;
    throw new DefinitionError(`a strategy may import @trading/engine only, not "${name}".`);
  };
  try {
    new Function("module", "exports", "require", code)(module, module.exports, require);
  } catch (error) {
    if (error instanceof DefinitionError) throw error;
    throw new DefinitionError(`the file failed while it was loaded: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const strategy = module.exports["default"];
  if (isStrategy(strategy)) return strategy;
  throw new DefinitionError(
    "the file is not a strategy: write `export default defineStrategy({ … })`.",
  );
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
