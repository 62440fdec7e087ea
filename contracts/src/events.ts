import { z } from "zod";

/**
 * What the stream `GET /api/v1/events` sends: the name of a thing that changed, for its owner. Read the thing again
 * to learn what changed. `: keep-alive` comments come every 15 s.
 */
export const eventKinds = [
  "backtest",
  "data-task",
  "series",
  "strategies",
  "announcement",
  "inbox",
  "exchange-accounts",
] as const;
export const platformEvent = z
  .object({
    kind: z.enum(eventKinds),
    id: z.string(),
    /** Progress 0 to 1 where the thing is running, so that a bar can move without a request. */
    share: z.number().optional(),
    step: z.string().optional(),
    status: z.string().optional(),
  })
  .meta({ id: "PlatformEvent" });
export type PlatformEvent = z.infer<typeof platformEvent>;
