import { z } from "zod";

/** A text that somebody sent to the bot in a chat of their own. */
export type Said = Readonly<{ updateId: number; chatId: string; name: string; text: string }>;
export type Delivery = { kind: "taken" | "refused" } | { kind: "later"; seconds: number };

export type BotApi = Readonly<{
  name(): Promise<string>;
  /** What was said since; updates of other kinds come without a text. */
  updatesFrom(updateId: number): Promise<readonly Said[]>;
  say(chatId: string, text: string): Promise<Delivery>;
}>;

type Settings = Readonly<{ token: string; apiUrl: string }>;

const timeoutMs = 10_000;
const retrySeconds = 30;

const failure = z.object({
  ok: z.literal(false),
  error_code: z.number(),
  description: z.string(),
  parameters: z.object({ retry_after: z.number().optional() }).optional(),
});
const answer = z.union([z.object({ ok: z.literal(true), result: z.unknown() }), failure]);
const bot = z.object({ username: z.string() });
const updates = z.array(
  z.object({
    update_id: z.number(),
    message: z
      .object({
        chat: z.object({
          id: z.number(),
          type: z.string(),
          username: z.string().optional(),
          first_name: z.string().optional(),
        }),
        text: z.string().optional(),
      })
      .optional(),
  }),
);

/** Telegram's Bot API. No error holds the address that was asked: the token stands in it. */
export function createBotApi({ token, apiUrl }: Settings): BotApi {
  async function ask(method: string, body: object): Promise<z.infer<typeof answer>> {
    const response = await fetch(`${apiUrl}/bot${token}/${method}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    });
    return answer.parse(await response.json());
  }
  async function get<Shape extends z.ZodType>(shape: Shape, method: string, body: object) {
    const told = await ask(method, body);
    if (!told.ok) throw new Error(`Telegram refused ${method}: ${told.description}`);
    return shape.parse(told.result);
  }

  return {
    name: async () => (await get(bot, "getMe", {})).username,

    async updatesFrom(updateId) {
      const wish = { offset: updateId, limit: 50, timeout: 0, allowed_updates: ["message"] };
      const list = await get(updates, "getUpdates", wish);
      return list.map(({ update_id, message }) => {
        // Whoever else sits in a group must not give orders: groups are not heard.
        const isPrivate = message?.chat.type === "private";
        return {
          updateId: update_id,
          chatId: String(message?.chat.id ?? ""),
          name: message?.chat.username ?? message?.chat.first_name ?? "unnamed",
          text: isPrivate ? (message?.text ?? "").slice(0, 200) : "",
        };
      });
    },

    async say(chatId, text) {
      const body = { chat_id: chatId, text, link_preview_options: { is_disabled: true } };
      const told = await ask("sendMessage", body).catch(() => null);
      if (told === null) return { kind: "later", seconds: retrySeconds };
      if (told.ok) return { kind: "taken" };
      if (told.error_code === 400 || told.error_code === 403) return { kind: "refused" };
      return { kind: "later", seconds: told.parameters?.retry_after ?? retrySeconds };
    },
  };
}
