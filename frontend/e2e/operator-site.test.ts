import { expect } from "vitest";
import { seriousViolations } from "./support/axe.ts";
import { giveReason, openOperated } from "./support/operator.ts";
import { createAccount } from "./support/sign-up.ts";
import { browserTest as test, visitor } from "./support/visitor.ts";

const { newPage, signedIn } = visitor();

/** One blue pixel. */
const logo = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYPgPAAEDAQAIicLsAAAAAElFTkSuQmCC",
  "base64",
);

test("a site gets name and logo, its history says so, and both can be taken back", async () => {
  const page = await signedIn("operator");
  await openOperated(page, "/settings");
  const name = page.getByLabel("Name of the site");
  const before = await name.inputValue();
  const rename = async (to: string) => {
    await name.fill(to);
    await page.getByRole("button", { name: "Change settings" }).click();
    await giveReason(page, "Change settings");
    await page.getByText(`Name of the site: ${to}`).first().waitFor();
  };
  await rename("Northwind");
  await page
    .getByLabel("Choose a picture")
    .setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: logo });
  await giveReason(page, "Change logo");
  const stranger = await newPage();
  await stranger.goto("/#/sign-in");
  await stranger.locator("header", { hasText: "Northwind" }).locator("img").waitFor();
  await expect.poll(() => stranger.title()).toBe("Sign in · Northwind");
  await page.getByRole("button", { name: "Take away" }).click();
  await giveReason(page, "Take away");
  await page.getByText("No logo.").waitFor();
  await rename(before);
});

test("every mail can be looked at before it leaves, also on a phone", async () => {
  const page = await signedIn("operator");
  await page.setViewportSize({ width: 390, height: 844 });
  await openOperated(page, "/mails");
  await page.getByRole("button", { name: "Previews" }).click();
  const dialog = page.getByRole("dialog", { name: "Previews" });
  await dialog.getByLabel("Mail").selectOption("New device");
  const subject = (await dialog.locator("iframe").getAttribute("title")) ?? "";
  expect(subject).toMatch(/sign/i);
  await dialog.frameLocator("iframe").getByRole("heading").first().waitFor();
  expect(await seriousViolations(page)).toEqual([]);
});

test("a supporter sees the operator's area and is offered no change in it", async () => {
  const supporter = await newPage();
  const name = `supporter-${Date.now()}`;
  await supporter.goto("/#/sign-up");
  await supporter.getByLabel("Name", { exact: true }).fill(name);
  await supporter.getByLabel("E-mail address").fill(`${name}@example.org`);
  await supporter.getByLabel("Password").fill("a long enough password");
  await createAccount(supporter);
  await supporter.waitForURL(/#\/workbench/);

  const page = await signedIn("operator");
  await openOperated(page, `/users?q=${name}`);
  await page.getByRole("grid").getByText(name, { exact: true }).click();
  await page.getByRole("button", { name: "Change role" }).click();
  await page.getByRole("dialog").getByLabel("Role").selectOption("Support");
  await giveReason(page, "Change role");
  await page.goBack();
  await page.getByRole("complementary", { name: "Account" }).waitFor({ state: "detached" });

  await openOperated(supporter, "/");
  await supporter.getByText(`${name} · support, reading only`).waitFor();
  await supporter.getByText("Setting up").waitFor();
  expect(await supporter.getByRole("button").count()).toBe(0);
  await openOperated(supporter, "/users");
  await supporter.getByRole("grid").getByText("trader", { exact: true }).click();
  const panel = supporter.getByRole("complementary", { name: "Account" });
  await panel.getByText("trader@").waitFor();
  expect(await panel.getByRole("button").count()).toBe(1); // Close.
  expect(await supporter.getByRole("button", { name: "Invite" }).count()).toBe(0);
});

test("the first operator's link that was cut or used is told; one that works leads to the sign-in", async () => {
  const page = await newPage();
  await page.goto(`/admin/#/setup/${"x".repeat(43)}`);
  await page.getByLabel("Name").fill("first-operator");
  await page.getByLabel("E-mail").fill("first@example.org");
  await page.getByLabel("Password").fill("a long enough password");
  await page.getByRole("button", { name: "Make the account" }).click();
  await page.getByRole("alert").getByText("link-not-valid").waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  // This platform has its operator: the answer of one that has none.
  await page.route("**/api/v1/setup", (route) => route.fulfill({ status: 204 }));
  await page.getByRole("button", { name: "Make the account" }).click();
  await page.getByText("You operate this site now").waitFor();
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
});

test("a Telegram chat is linked by its code, and the screen notices", async () => {
  const page = await signedIn();
  // This platform runs no bot: the answers of one that does.
  let linked: object = { linkedAs: null, linkedAt: null };
  await page.route("**/api/v1/users/me/telegram", (route) => {
    const isAsked = route.request().method() === "POST";
    const code = { code: "K7QM-2XPA", link: "https://t.me/a_bot?start=K7QM-2XPA" };
    return route.fulfill({ json: isAsked ? code : { isOffered: true, ...linked } });
  });
  await page.goto("/#/settings/security");
  await page.getByRole("button", { name: "Link a chat" }).click();
  const dialog = page.getByRole("dialog", { name: "Link a chat" });
  await dialog.getByText("/start K7QM-2XPA").waitFor();
  await dialog.getByRole("link", { name: "Open Telegram" }).waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  linked = { linkedAs: "Ada", linkedAt: new Date().toISOString() };
  await dialog.waitFor({ state: "detached" });
  await page.getByText("Linked to Ada since").waitFor();
});
