import { z } from "zod";
import { instant } from "./common.ts";

/** Whether a chat gets the messages of the inbox. */
export const telegramState = z
  .object({
    isOffered: z.boolean().describe("the operator of this site runs a bot"),
    linkedAs: z.string().nullable().describe("name of the chat"),
    linkedAt: instant.nullable(),
  })
  .meta({ id: "TelegramState" });
export const telegramCode = z
  .object({
    code: z.string().describe("sent to the bot as `/start code`; works once, for ten minutes"),
    link: z.url().nullable().describe("opens the bot with the code; null until the bot was heard"),
  })
  .meta({ id: "TelegramCode" });
