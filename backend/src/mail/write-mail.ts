import type { MailKind } from "@trading/contracts/mail";
import { escapeHtml } from "../platform/escape-html.ts";

/** A mail as people read it. */
export type WrittenMail = Readonly<{ subject: string; text: string; html: string }>;

type Facts = Readonly<Record<string, string>>;
type Site = Readonly<{ siteName: string; frontendUrl: string }>;

/** What a mail says: sentences, and at most one link with the words on its button. */
type Content = Readonly<{
  subject: string;
  lines: readonly string[];
  link?: Readonly<{ label: string; page: string }>;
  /** Told below the link. */
  after?: string;
}>;

const notYou =
  "If this was not you, set a new password at once: whoever did it may know yours. All sessions and API tokens then end.";
const security = { label: "Look at your security settings", page: "settings/security" };

const exchanges = { label: "Look at your exchange accounts", page: "settings/exchanges" };
const notYourKey =
  "If this was not you, delete the key at the exchange at once, then set a new password here.";

/** The words of every mail. Subjects hold no fact: what people chose for themselves stays out of the head of a mail. */
const contents: Readonly<Record<MailKind, (facts: Facts, token: string) => Content>> = {
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
      `The operator wrote: “${reason}”`,
      "If you did not ask for this, set a new password and tell the operator of the site.",
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

/** What a mail says, in two lines: no greeting, no link. */
export function writeNews(kind: MailKind, facts: Facts): { title: string; text: string } {
  const { subject, lines } = contents[kind](facts, "");
  return { title: subject, text: lines.slice(1).map(oneLine).join(" ") };
}

/** Makes the text of a mail. Links begin with FRONTEND_URL, never with what a request named as its host. */
export function writeMail(kind: MailKind, facts: Facts, token: string, site: Site): WrittenMail {
  const content = contents[kind](facts, token);
  const link = content.link && {
    label: content.link.label,
    address: `${site.frontendUrl}/#/${content.link.page}`,
  };
  const siteName = oneLine(site.siteName);
  return {
    subject: `${content.subject} · ${siteName}`,
    text: textOf(content, link, siteName),
    html: htmlOf(content, link, siteName),
  };
}

type Link = Readonly<{ label: string; address: string }>;

function textOf({ lines, after }: Content, link: Link | undefined, siteName: string): string {
  const parts = [...lines.map(oneLine)];
  if (link !== undefined) parts.push(`${link.label}:\n${link.address}`);
  if (after !== undefined) parts.push(after);
  return `${parts.join("\n\n")}\n\n-- \n${siteName}\n`;
}

const ink = "#12161c";
const muted = "#5b6675";
const line = "#e2e6eb";
const accent = "#1f5fd6";

/** Tables and inline styles, since that is what mail programs draw; nothing is fetched from anywhere. */
function htmlOf(
  { subject, lines, after }: Content,
  link: Link | undefined,
  siteName: string,
): string {
  const paragraph = (text: string, style = "") =>
    `<p style="margin:0 0 14px;${style}">${escapeHtml(oneLine(text))}</p>`;
  const button =
    link === undefined
      ? ""
      : `<p style="margin:6px 0 20px"><a href="${escapeHtml(link.address)}" style="display:inline-block;padding:10px 16px;border-radius:4px;background:${accent};color:#ffffff;text-decoration:none;font-weight:600">${escapeHtml(link.label)}</a></p>`;
  const spelled =
    link === undefined
      ? ""
      : `<p style="margin:0 0 14px;color:${muted};font-size:12px;line-height:18px;word-break:break-all">${escapeHtml(link.address)}</p>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"><title>${escapeHtml(subject)}</title></head>
<body style="margin:0;padding:24px 12px;background:#f6f7f9;color:${ink};font:14px/21px Inter,'Segoe UI',Helvetica,Arial,sans-serif">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:520px;background:#ffffff;border:1px solid ${line};border-radius:4px">
<tr><td style="padding:14px 24px;border-bottom:1px solid ${line};font-weight:600">${escapeHtml(siteName)}</td></tr>
<tr><td style="padding:22px 24px 10px">
<h1 style="margin:0 0 16px;font-size:18px;line-height:24px">${escapeHtml(subject)}</h1>
${lines.map((text) => paragraph(text)).join("\n")}
${button}
${after === undefined ? "" : paragraph(after, `color:${muted}`)}
${spelled}
</td></tr></table>
</td></tr></table>
</body></html>
`;
}

/** No line break and no control character comes from outside, in whichever part of a mail. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
