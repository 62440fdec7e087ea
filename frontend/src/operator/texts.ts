import { catalogue } from "../ui/catalogue.ts";
import { actionTexts } from "./action-texts.ts";
import { dashboardTexts } from "./dashboard-texts.ts";
import { keysTexts } from "./keys-texts.ts";
import { mailTexts } from "./mail-texts.ts";
import { peopleTexts } from "./people-texts.ts";
import { siteTexts } from "./site-texts.ts";
import { workTexts } from "./work-texts.ts";

/** Every word of the operator's area; those of its larger pages stand in files of their own. */
export const texts = catalogue("operator", {
  title: "Operator",
  navigation: "Operator's pages",
  readOnly: "support, reading only",
  leave: "Leave",
  signInFirst: "Sign in with an operator's account, then come back to this page.",
  signIn: "Sign in",
  notForYou: "This area is for those who operate the site.",
  cancel: "Cancel",
  close: "Close",
  action: "Action",
  reason: "Reason",
  reasonHelp: "Kept in the audit log, where nobody can change it.",
  showAll: "Show all",
  previous: "Previous page",
  next: "Next page",
  pageOf: (page: string, pages: string, total: string) =>
    `Page ${page} of ${pages}, ${total} in all`,
  pages: {
    dashboard: "Dashboard",
    users: "Users",
    backtests: "Backtests",
    series: "Shared candles",
    strategies: "Strategies",
    queues: "Queues",
    exchanges: "Exchanges",
    keys: "Exchange keys",
    mails: "Mails",
    notifications: "Notifications",
    notices: "Notices",
    audit: "Audit log",
    settings: "Settings",
  },
  roles: { user: "User", support: "Support", admin: "Admin" },
  audit: {
    search: "Who, whom or why",
    anyAction: "Any action",
    none: "No entries match. Every change an operator makes is kept here, with its reason.",
    entry: "Entry",
    at: "When",
    who: "Who",
    what: "What",
    target: "Whom",
    why: "Why",
    from: "From",
    before: "Before",
    after: "After",
    actions: actionTexts,
  },
  setup: {
    title: "The first operator",
    about:
      "This link stood in the log of your new site. It makes the account that operates it, once.",
    name: "Name",
    email: "E-mail",
    make: "Make the account",
    done: "You operate this site now",
    doneHelp: "Sign in, then open this area again: its dashboard lists what is left to set up.",
  },
  ...dashboardTexts,
  ...peopleTexts,
  ...workTexts,
  ...keysTexts,
  ...mailTexts,
  ...siteTexts,
});
