import { catalogue } from "../../ui/catalogue.ts";

export const texts = catalogue("mailbox", {
  title: "Mailbox",
  back: "Settings",
  empty:
    "No mail yet. This site sends none: what it would have sent to people is kept here for a week.",
  to: (recipient: string) => `to ${recipient}`,
  mails: "Mails",
  looks: { html: "As it looks", text: "As text" },
  look: "How the mail is shown",
  openLink: "Open its link",
});
