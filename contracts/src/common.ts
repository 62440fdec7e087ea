import { z } from "zod";
import { timeframes } from "./timeframes.ts";

/** UUIDv7, made by the application. */
export const id = z.uuid("must be an id as the platform gave it, a UUID");

/** As RFC 5321 limits it: 64 characters before the @, names of 63 between dots after it, 254 in all. */
export const emailAddress = z
  .email({
    pattern:
      /^(?!\.)(?!.*\.\.)[A-Za-z0-9_'+\-.]{0,63}[A-Za-z0-9_+-]@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,63}$/,
  })
  .max(254);

/** An instant on the wire: ISO 8601 in UTC, as in `2024-05-01T00:00:00.000Z`; PostgreSQL writes earlier years otherwise. */
export const instant = z.iso
  .datetime({ offset: false })
  .regex(/^(19[7-9]|[2-9]\d\d)\d-/, "must lie between 1970 and 9999");

export { type Timeframe, timeframeMs, timeframes } from "./timeframes.ts";
export const timeframe = z.enum(timeframes);

/** Text of so many characters, blanks around it not counted, which the pattern tells to readers of the schema. */
export const textOf = (min: number, max: number) =>
  z
    .string()
    .max(max)
    .regex(
      // By characters, as readers of the schema count them, not by halves of them.
      new RegExp(min < 2 ? "\\S" : `\\S[\\s\\S]{${min - 2},}\\S`, "u"),
      `must have at least ${min} ${min === 1 ? "character" : "characters"} besides blanks around it`,
    )
    .trim();

/** Query of every list: pages start at 1. */
export const pageQuery = z.object({
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  pageSize: z.coerce.number().int().min(1).max(200).default(50),
});

/** One page of `item`s with the count of all that match. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    total: z.number().int(),
    page: z.number().int(),
    pageSize: z.number().int(),
  });

/** How far long work has come. */
export const progress = z.object({
  /** 0 to 1. */
  share: z.number().min(0).max(1),
  /** What is being done now, in words a user reads. */
  step: z.string(),
  /** Milliseconds still to go, as far as can be told. */
  remainingMs: z.number().nullable(),
});
export type Progress = z.infer<typeof progress>;
