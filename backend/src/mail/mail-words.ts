import type { MailKind } from "@trading/contracts/mail";

/** What the words tell of: names, numbers, times. */
export type Facts = Readonly<Record<string, string>>;

/** What a mail says: sentences, and at most one link with the words on its button. */
export type Content = Readonly<{
  subject: string;
  lines: readonly string[];
  link?: Readonly<{ label: string; page: string }>;
  /** Told below the link. */
  after?: string;
}>;

const notYou =
  "If this was not you, set a new password at once: whoever did it may know yours. All sessions and API tokens then end.";
const security = { label: "Look at your security settings", page: "settings/security" };

const waysInEnded =
  "API tokens, links and codes that were open, and an address that waited to be confirmed ended too: make anew what you need.";

const exchanges = { label: "Look at your exchange accounts", page: "settings/exchanges" };
const notYourKey =
  "If this was not you, delete the key at the exchange at once, then set a new password here.";

/** The words of every mail. Subjects hold no fact: what people chose for themselves stays out of the head of a mail. */
export const mailWords: Readonly<Record<MailKind, (facts: Facts, token: string) => Content>> = {
  invitation: ({ days = "" }, token) => ({
    subject: "You are invited",
    lines: [
      "Hello,",
      `An operator of this site invites you to make an account. The link works once, for ${days} days.`,
    ],
    link: { label: "Create your account", page: `invite/${token}` },
    after: "If you do not know of this, do nothing: without the link nothing happens.",
  }),
  "prove-address": ({ name = "" }, token) => ({
    subject: "Confirm your e-mail address",
    lines: [
      `Hello ${name},`,
      "Confirm that this address is yours. The link works once, for a day.",
    ],
    link: { label: "Confirm this address", page: `verify/${token}` },
    after: "If you do not know of this, do nothing: without the link nothing happens.",
  }),
  "address-in-use": ({ name = "" }) => ({
    subject: "Your address was used to make an account",
    lines: [
      `Hello ${name},`,
      "Somebody gave this address for another account. It is yours already and stays with you.",
      "If it was you: sign in as before, or set a new password if you forgot yours.",
    ],
    link: { label: "Sign in", page: "sign-in" },
  }),
  "reset-password": ({ name = "" }, token) => ({
    subject: "Set a new password",
    lines: [
      `Hello ${name},`,
      "Somebody, hopefully you, asked for a new password. The link works once, for 30 minutes, and ends all sessions and API tokens.",
    ],
    link: { label: "Set a new password", page: `reset/${token}` },
    after: "If it was not you, do nothing: your password stays.",
  }),
  "password-changed": ({ name = "", origin = "" }) => ({
    subject: "Your password was changed",
    lines: [
      `Hello ${name},`,
      `Your password was changed from ${origin}. All other sessions and all API tokens ended.`,
      notYou,
    ],
    link: { label: "Set a new password", page: "forgot" },
  }),
  "password-blocked": ({ name = "" }) => ({
    subject: "Too many wrong passwords",
    lines: [
      `Hello ${name},`,
      "A hundred wrong passwords in a row were tried for your account. Your password alone does not sign in any more where you have not signed in before: set a new one, or use a passkey.",
      "Nobody got in. If it was not you, a longer password is a good answer.",
    ],
    link: { label: "Set a new password", page: "forgot" },
  }),
  "wrong-codes": ({ name = "", origin = "" }) => ({
    subject: "Somebody knows your password",
    lines: [
      `Hello ${name},`,
      `Your right password was entered, and then wrong codes, five in a row or more, last from ${origin}. Nobody got in.`,
      "If it was not you, set a new password: whoever knows the one you have may go on trying codes, until a hundred in a row were wrong.",
    ],
    link: { label: "Set a new password", page: "forgot" },
  }),
  "name-changed": ({ name = "", next = "" }) => ({
    subject: "Your name was changed",
    lines: [
      `Hello ${name},`,
      `Your name is ${next} now, and signs in instead of the old one.`,
      notYou,
    ],
    link: security,
  }),
  "address-changed": ({ name = "", address = "" }) => ({
    subject: "Your e-mail address was changed",
    lines: [
      `Hello ${name},`,
      `Mails to you now go to ${address}. This is the last one to the old address.`,
      "If this was not you, sign in by your name and change it back, or tell the operator of this site.",
    ],
    link: security,
  }),
  "new-device": ({ name = "", device = "", origin = "" }) => ({
    subject: "Signed in on a new device",
    lines: [
      `Hello ${name},`,
      `Somebody signed in to your account: ${device}, from ${origin}.`,
      notYou,
    ],
    link: security,
  }),
  "others-signed-out": ({ name = "", origin = "" }) => ({
    subject: "All other sessions were signed out",
    lines: [
      `Hello ${name},`,
      `Your account is signed in in one browser only, which signed all others out from ${origin}. An address that waited to be confirmed waits no longer.`,
      notYou,
    ],
    link: security,
  }),
  "second-factor-on": ({ name = "" }) => ({
    subject: "Signing in now needs a code",
    lines: [
      `Hello ${name},`,
      "Codes from your authenticator app are asked for from now on. Keep the recovery codes where you find them without this device.",
      notYou,
    ],
    link: security,
  }),
  "second-factor-off": ({ name = "" }) => ({
    subject: "Your authenticator app was removed",
    lines: [
      `Hello ${name},`,
      "Its codes are no longer asked for. Where you have no passkey your password alone signs in again.",
      notYou,
    ],
    link: security,
  }),
  "factors-removed": ({ name = "", reason = "" }) => ({
    subject: "An operator removed your second factors",
    lines: [
      `Hello ${name},`,
      "Your authenticator app, passkeys and recovery codes open your account no longer, and you are signed out everywhere. Your password, or a link by mail, signs in alone until you set others up.",
      waysInEnded,
      `The operator wrote: “${reason}”`,
      "If you did not ask for this, set a new password and tell the operator of the site.",
    ],
    link: security,
  }),
  "signed-out-by-operator": ({ name = "", reason = "" }) => ({
    subject: "An operator signed you out",
    lines: [
      `Hello ${name},`,
      "All sessions of your account ended. Sign in again as before.",
      waysInEnded,
      `The operator wrote: “${reason}”`,
    ],
    link: security,
  }),
  "suspension-ended": ({ name = "", reason = "" }) => ({
    subject: "Your account is open again",
    lines: [
      `Hello ${name},`,
      "Your account was suspended, and an operator let you in again. All sessions ended with the suspension.",
      waysInEnded,
      `The operator wrote: “${reason}”`,
    ],
    link: security,
  }),
  "passkey-added": ({ name = "", passkey = "" }) => ({
    subject: "A passkey was added",
    lines: [
      `Hello ${name},`,
      `The passkey “${passkey}” signs in to your account from now on. Your password alone does not any more.`,
      notYou,
    ],
    link: security,
  }),
  "passkey-removed": ({ name = "", passkey = "" }) => ({
    subject: "A passkey was removed",
    lines: [`Hello ${name},`, `The passkey “${passkey}” no longer signs in.`, notYou],
    link: security,
  }),
  "token-added": ({ name = "", token = "", scopes = "" }) => ({
    subject: "An API token was made",
    lines: [
      `Hello ${name},`,
      `The token “${token}” lets a program use your account: ${scopes}.`,
      "If this was not you, end it in your security settings and set a new password.",
    ],
    link: security,
  }),
  "exchange-key-added": ({ name = "", exchange = "", label = "", keyEnd = "" }) => ({
    subject: "An exchange account was connected",
    lines: [
      `Hello ${name},`,
      `Your account now holds a key of ${exchange}: “${label}”, ending in ${keyEnd}. It cannot withdraw.`,
      notYourKey,
    ],
    link: exchanges,
  }),
  "exchange-key-replaced": ({ name = "", exchange = "", label = "", keyEnd = "" }) => ({
    subject: "The key of an exchange account was replaced",
    lines: [
      `Hello ${name},`,
      `“${label}” at ${exchange} now uses the key ending in ${keyEnd}. Delete the key before at the exchange if you have not yet.`,
      notYourKey,
    ],
    link: exchanges,
  }),
  "exchange-account-removed": ({ name = "", exchange = "", label = "", keyEnd = "" }) => ({
    subject: "An exchange account was removed",
    lines: [
      `Hello ${name},`,
      `“${label}” at ${exchange} was removed, and its key ending in ${keyEnd} is forgotten here. At the exchange it lives until you delete it there.`,
      notYou,
    ],
    link: exchanges,
  }),
  "exchange-key-leaked": ({ name = "", exchange = "", keys = "", steps = "" }) => ({
    subject: "Delete your exchange key now",
    lines: [
      `Hello ${name},`,
      `Keys that this site kept may have become known to others. Yours at ${exchange} are concerned: ${keys}. They are destroyed here; whoever has a copy can use it until you delete it at the exchange.`,
      `At ${exchange}: ${steps}. Look there at what happened lately too.`,
      "Then make a new key and enter it here.",
    ],
    link: exchanges,
  }),
  "looked-at": ({ name = "", operator = "", reason = "" }) => ({
    subject: "An operator looks at your account",
    lines: [
      `Hello ${name},`,
      `${operator}, who operates this site, opened your account to look at it for ten minutes: ${reason}.`,
      "Nothing can be changed that way, and no password or key can be seen. Your sessions show it while it lasts.",
    ],
    link: security,
  }),
  "role-changed": ({ name = "", before = "", after = "", reason = "" }) => ({
    subject: "Your role was changed",
    lines: [
      `Hello ${name},`,
      `An operator of this site changed your role: ${reason}. It was “${before}” and is “${after}” from now on.`,
    ],
    link: { label: "Open the site", page: "" },
  }),
  "address-vouched-for": ({ name = "", reason = "" }) => ({
    subject: "An operator confirmed your address",
    lines: [
      `Hello ${name},`,
      `An operator of this site vouched that this address is yours: ${reason}. Mails about your account go here from now on, also those that set a new password.`,
      "If this account is not yours, tell the operator of this site.",
    ],
    link: security,
  }),
  "country-asked": ({ name = "", reason = "" }) => ({
    subject: "Say anew in which country you live",
    lines: [
      `Hello ${name},`,
      `An operator of this site asks you for your country anew: ${reason}. Where the site asks, nothing new begins until you have said it.`,
    ],
    link: { label: "Open the site", page: "" },
  }),
  "country-said": ({ name = "", country = "" }) => ({
    subject: "Your country was told",
    lines: [
      `Hello ${name},`,
      `Your account says that you live in ${country}. It is said once: the operator of this site can ask anew.`,
      notYou,
    ],
    link: security,
  }),
  test: ({ name = "" }) => ({
    subject: "Mails of this site arrive",
    lines: [`Hello ${name},`, "You asked for this mail to see whether mails arrive. They do."],
    link: { label: "Open the site", page: "" },
  }),
  announcement: ({ text = "" }) => ({
    subject: "From the operator of this site",
    lines: ["Hello,", text],
    link: { label: "Open the site", page: "" },
  }),
  "account-closing": ({ name = "", days = "" }, token) => ({
    subject: "Your account is closed",
    lines: [
      `Hello ${name},`,
      `You closed your account. In ${days} days everything under your name is erased. Until then this link brings it back.`,
    ],
    link: { label: "Keep my account", page: `keep/${token}` },
    after: "If it was not you, open the link and set a new password.",
  }),
  "telegram-linked": ({ name = "" }) => ({
    subject: "A Telegram chat was linked",
    lines: [
      `Hello ${name},`,
      "A Telegram chat now gets the messages about your account and may stop what runs. It can start nothing.",
      "If this was not you, unlink it in your security settings and set a new password.",
    ],
    link: security,
  }),
  "telegram-unlinked": ({ name = "" }) => ({
    subject: "Your Telegram chat is no longer linked",
    lines: [`Hello ${name},`, "The chat gets no more messages about your account."],
    link: security,
  }),
  "recovery-code-used": ({ name = "", left = "" }) => ({
    subject: "A recovery code was used",
    lines: [
      `Hello ${name},`,
      `One of your recovery codes was used instead of the app. ${left} are left.`,
      notYou,
    ],
    link: security,
  }),
  "recovery-codes-renewed": ({ name = "" }) => ({
    subject: "You have new recovery codes",
    lines: [
      `Hello ${name},`,
      "Recovery codes were made anew for your account. Those from before no longer work.",
      notYou,
    ],
    link: security,
  }),
};
