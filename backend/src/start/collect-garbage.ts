import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Gives back the memory that a first start needed once and an idle supervisor never needs again. */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
}
