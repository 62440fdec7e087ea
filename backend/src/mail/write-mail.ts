import type { MailKind } from "@trading/contracts/mail";
import { escapeHtml } from "../platform/escape-html.ts";
import { type Content, type Facts, mailWords } from "./mail-words.ts";

/** A mail as people read it. */
export type WrittenMail = Readonly<{ subject: string; text: string; html: string }>;

type Site = Readonly<{ siteName: string; frontendUrl: string }>;

/** What a mail says, in two lines: no greeting, no link. */
export function writeNews(kind: MailKind, facts: Facts): { title: string; text: string } {
  const { subject, lines } = mailWords[kind](facts, "");
  return { title: subject, text: lines.slice(1).map(oneLine).join(" ") };
}

/** Makes the text of a mail. Links begin with FRONTEND_URL, never with what a request named as its host. */
export function writeMail(kind: MailKind, facts: Facts, token: string, site: Site): WrittenMail {
  const content = mailWords[kind](facts, token);
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
