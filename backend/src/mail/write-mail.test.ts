import { mailKinds } from "@trading/contracts/mail";
import { createTransport } from "nodemailer";
import { expect, test } from "vitest";
import { writeMail } from "./write-mail.ts";

const site = { siteName: "Desk", frontendUrl: "https://trade.example.com" };
const facts = {
  name: "Ann",
  device: "Firefox on Linux",
  origin: "203.0.113.7",
  left: "7",
  next: "ann-2",
  days: "3",
  text: "We rest on Sunday.",
  ...{ exchange: "Binance spot", label: "Main", keyEnd: "x7Qa", keys: "“Main” (…x7Qa)" },
  steps: "open API Management",
};
/** To people without an account, and to everybody at once. */
const nameless: readonly string[] = ["invitation", "announcement"];

test.each(mailKinds)("%s says the same in text and HTML, and fetches nothing", (kind) => {
  const { subject, text, html } = writeMail(kind, facts, "TOKEN", site);
  expect(subject).toMatch(/^\S.{5,60} · Desk$/);
  const greeting = nameless.includes(kind) ? "Hello," : "Hello Ann,";
  expect(text).toContain(greeting);
  expect(html).toContain(greeting);
  expect(text).not.toContain("  ");
  const [link] = text.match(/https:\/\/\S+/) ?? [];
  expect(link).toMatch(/^https:\/\/trade\.example\.com\/#\//);
  expect(html).toContain(`href="${link}"`);
  expect(html).not.toMatch(/<script|<img|<link|src=|url\(/i);
});

test("what people chose for themselves stays text", () => {
  const { html } = writeMail(
    "new-device",
    { ...facts, name: '<img src=x onerror="alert(1)">', device: "</p><script>1</script>" },
    "",
    site,
  );
  expect(html).not.toMatch(/<img|<script/);
});

test("of 1,000 hostile texts none becomes a header", async () => {
  const transport = createTransport({ streamTransport: true, buffer: true });
  const breaks = ["\r\n", "\n", "\r", "\u2028", "\u0085", "\0", "%0d%0a", "=0D=0A", "\r\n\r\n"];
  for (let i = 0; i < 1_000; i++) {
    const hostile = `a${breaks[i % breaks.length]}X-Evil: ${i}${breaks[(i * 7) % breaks.length]}Bcc: all@example.com`;
    const kind = mailKinds[i % mailKinds.length] ?? "new-device";
    const mail = writeMail(
      kind,
      { name: hostile, device: hostile, origin: hostile, address: hostile, left: hostile },
      "t",
      { ...site, siteName: hostile },
    );
    const { message } = await transport.sendMail({
      ...mail,
      from: { name: hostile, address: "from@example.com" },
      to: { name: "", address: "to@example.com" },
    });
    const head = message.toString().split("\r\n\r\n")[0] ?? "";
    const names = head
      .split("\r\n")
      .filter((line) => !/^\s/.test(line))
      .map((line) => line.split(":")[0]?.toLowerCase());
    expect(names.toSorted()).toEqual([
      "content-type",
      "date",
      "from",
      "message-id",
      "mime-version",
      "subject",
      "to",
    ]);
  }
});
