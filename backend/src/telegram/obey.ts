import type { Sql } from "../platform/postgres.ts";
import type { Said } from "./bot-api.ts";
import { createTelegramLinks } from "./links.ts";

/** What a chat may do with its owner's account: look, and end things. Nothing that a thief of the phone would want. */
export type Orders = Readonly<{
  status(sql: Sql, userId: string): Promise<string>;
  /** Cancels what waits and runs; tells how much. */
  stop(sql: Sql, userId: string): Promise<number>;
  signOut(sql: Sql, userId: string): Promise<void>;
  tell(sql: Sql, userId: string, kind: "telegram-linked" | "telegram-unlinked"): Promise<void>;
}>;

const help = [
  "/status: what runs",
  "/stop: cancel everything that waits or runs",
  "/signout: end all sessions of your account",
  "/unlink: no more messages here",
].join("\n");

/** Does what somebody told the bot, and says what to answer. */
export async function obey(sql: Sql, orders: Orders, said: Said): Promise<string> {
  const [word = "", argument = ""] = said.text.trim().split(/\s+/);
  const links = createTelegramLinks(sql);
  if (word === "/start" && argument !== "") {
    const linked = await links.claim(argument, said.chatId, said.name);
    if (linked === null) return "This code was used, has ended or never was. Make a new one.";
    await orders.tell(sql, linked, "telegram-linked");
    return `This chat is linked to your account.\n\n${help}`;
  }
  const owner = await links.findOwner(said.chatId);
  if (owner === null)
    return "This chat is linked to no account. Make a code under Settings, Security.";
  switch (word.toLowerCase()) {
    case "/status":
      return orders.status(sql, owner.userId);
    case "/stop":
      return `${await orders.stop(sql, owner.userId)} cancelled.`;
    case "/signout":
      await orders.signOut(sql, owner.userId);
      return "All sessions of your account have ended.";
    case "/unlink":
      await links.unlink(owner.userId);
      await orders.tell(sql, owner.userId, "telegram-unlinked");
      return "This chat is no longer linked.";
    default:
      return help;
  }
}
