import type { BacktestsSearch } from "../features/backtests/search.ts";
import type { CompareSearch } from "../features/compare/search.ts";
import type { DataSearch } from "../features/data/search.ts";
import type { MarketsSearch } from "../features/markets/search.ts";
import type { WorkbenchSearch } from "../features/workbench/search.ts";

type Nothing = Record<never, string>;
/** The page to go on to after signing in. */
export type NextSearch = { next?: string };

/** Every place there is, and what its address can say. `$name` is a part of the path that varies. */
export type Places = {
  "/": Nothing;
  "/workbench": WorkbenchSearch;
  "/markets": MarketsSearch;
  "/strategies": Nothing;
  "/strategies/$name": Nothing;
  "/backtests": BacktestsSearch;
  "/compare": CompareSearch;
  "/data": DataSearch;
  "/settings": Nothing;
  "/settings/security": Nothing;
  "/settings/exchanges": Nothing;
  "/settings/mailbox": Nothing;
  "/legal/$kind": Nothing;
  "/sign-in": NextSearch;
  "/sign-up": NextSearch;
  "/link/$token": Nothing;
  "/forgot": Nothing;
  "/reset/$token": Nothing;
  "/verify/$token": Nothing;
  "/invite/$token": Nothing;
  "/keep/$token": Nothing;
};
export type Place = keyof Places;

/** The names of what varies in a place's path: "name" of "/strategies/$name". */
export type ParamName<P extends string> = P extends `${string}/$${infer Name}` ? Name : never;
export type Params<P extends string> = Readonly<Record<ParamName<P>, string>>;

type To<P extends Place> = Readonly<{ to: P; search?: Places[P] }> &
  ([ParamName<P>] extends [never] ? unknown : Readonly<{ params: Params<P> }>);
/** A place with all that its address needs. */
export type Target = { [P in Place]: To<P> }[Place];
