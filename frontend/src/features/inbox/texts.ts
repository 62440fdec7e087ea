import { catalogue } from "../../ui/catalogue.ts";

export const texts = catalogue("inbox", {
  title: "Messages",
  unread: (count: number) => `Messages, ${count} unread`,
  none: "Nothing has happened to your account yet.",
  markRead: "Mark all as read",
  security: "Look at your security settings",
});
