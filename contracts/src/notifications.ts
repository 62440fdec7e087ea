import { z } from "zod";
import { id, instant, pageOf, pageQuery } from "./common.ts";
import { mailKind } from "./mail.ts";

/** Whether a message behind somebody's bell went to their linked chat too. */
export const chatStates = ["none", "waiting", "passed-on"] as const;
export const notificationQuery = pageQuery.extend({
  state: z.enum(["unread", "read"]).optional(),
  chat: z.enum(chatStates).optional(),
  kind: mailKind.optional(),
});
export const notificationLine = z
  .object({
    id,
    userId: id,
    userName: z.string(),
    kind: mailKind,
    createdAt: instant,
    readAt: instant.nullable(),
    /** `none`: no chat was linked when it came. */
    chat: z.enum(chatStates),
    passedOnAt: instant.nullable(),
    /** Tries in a row that the chat did not take. */
    chatFailures: z.number().int().min(0),
  })
  .meta({ id: "NotificationLine" });
export type NotificationLine = z.infer<typeof notificationLine>;
export const notificationPage = pageOf(notificationLine).meta({ id: "NotificationPage" });
