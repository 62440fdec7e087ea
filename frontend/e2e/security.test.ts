import type { Page } from "playwright-core";
import { expect } from "vitest";
import { stepAt, totpCode } from "../../backend/src/accounts/totp.ts";
import { giveReason, openOperated } from "./support/operator.ts";
import { createAccount } from "./support/sign-up.ts";
import { browserTest as test, visitor } from "./support/visitor.ts";

const { newPage, signedIn } = visitor();
const password = "a long enough password";

async function signUp(page: Page): Promise<string> {
  const name = `visitor-${Date.now()}`;
  await page.goto("/#/sign-up");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("E-mail address").fill(`${name}@example.org`);
  await page.getByLabel("Password").fill(password);
  await createAccount(page);
  await page.getByRole("navigation", { name: "Pages" }).filter({ visible: true }).waitFor();
  return name;
}

/** The link of the newest mail to somebody, as an operator finds it in the mailbox. */
async function linkTo(operator: Page, name: string, subject: string): Promise<string> {
  await operator.goto("/#/settings/mailbox");
  await operator
    .getByRole("button", { name: new RegExp(`${subject}.*to ${name}@`) })
    .first()
    .click();
  const link = operator
    .getByRole("article", { name: new RegExp(subject) })
    .getByRole("link", { name: "Open its link" });
  return (await link.getAttribute("href")) ?? "";
}

test("on a phone somebody confirms their address, sets codes up and signs in with one", async () => {
  const page = await newPage();
  await page.setViewportSize({ width: 390, height: 844 });
  const name = await signUp(page);
  const operator = await signedIn("operator");
  await page.goto(await linkTo(operator, name, "Confirm your e-mail address"));
  await page.getByText("Your e-mail address is confirmed.").waitFor();
  await page.getByRole("link", { name: "Go on" }).click();
  await page.getByText("confirmed", { exact: true }).waitFor();

  await page.getByRole("button", { name: "Set up an app" }).click();
  const dialog = page.getByRole("dialog", { name: "Set up an app" });
  await dialog.getByRole("img", { name: "Picture for the authenticator app" }).waitFor();
  const secret = ((await dialog.locator("code").textContent()) ?? "").replaceAll(" ", "");
  await dialog.getByLabel("Code").fill(totpCode(secret, stepAt(Date.now()) - 1));
  await dialog.getByRole("button", { name: "Ask for codes from now on" }).click();
  const codes = page.getByRole("dialog", { name: "Recovery codes" });
  await codes.getByRole("listitem").nth(9).waitFor();
  expect(await codes.getByRole("listitem").count()).toBe(10);
  await codes.getByRole("button", { name: "I keep them" }).click();
  await page.getByText("10 recovery codes left").waitFor();

  const other = await newPage();
  await other.goto("/#/sign-in");
  await other.getByLabel("Name or e-mail address").fill(`${name}@example.org`);
  await other.getByLabel("Password").fill(password);
  await other.getByRole("button", { name: "Sign in" }).click();
  await other.getByLabel("Code").fill(totpCode(secret, stepAt(Date.now())));
  await other.getByRole("button", { name: "Sign in" }).click();
  await other.waitForURL(/#\/workbench/);

  await page.reload();
  await page.getByRole("button", { name: "Sign out all others" }).click();
  await page.getByText("All other sessions have ended.").waitFor();
  await other.getByRole("heading", { name: "Sign in" }).waitFor();
});

test("on a phone somebody adds a passkey and a code without help, and signs in by the passkey", async () => {
  const page = await newPage();
  await page.setViewportSize({ width: 390, height: 844 });
  const devices = await page.context().newCDPSession(page);
  await devices.send("WebAuthn.enable");
  await devices.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      ...{ protocol: "ctap2", transport: "internal", automaticPresenceSimulation: true },
      ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
    },
  });
  await signUp(page);
  await page.goto("/#/settings");
  await page.getByRole("link", { name: "Open security settings" }).click();
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByRole("dialog", { name: "Add a passkey" }).getByLabel("Name").fill("My phone");
  await page.getByRole("button", { name: "Go on" }).click();
  const codes = page.getByRole("dialog", { name: "Recovery codes" });
  await codes.getByRole("button", { name: "I keep them" }).click();
  const list = page.getByRole("list", { name: "Passkeys" });
  await list.getByText("My phone").waitFor();
  await page.getByRole("button", { name: "Messages, 1 unread" }).click();
  await page.getByRole("list", { name: "Messages" }).getByText("A passkey was added").waitFor();
  await page.getByRole("button", { name: "Mark all as read" }).click();
  await page.getByRole("button", { name: "Messages", exact: true }).click();
  await page.getByRole("button", { name: "Set up an app" }).click();
  const dialog = page.getByRole("dialog", { name: "Set up an app" });
  const secret = ((await dialog.locator("code").textContent()) ?? "").replaceAll(" ", "");
  await dialog.getByLabel("Code").fill(totpCode(secret, stepAt(Date.now()) - 1));
  await dialog.getByRole("button", { name: "Ask for codes from now on" }).click();
  await codes.getByRole("button", { name: "I keep them" }).click();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

  await page.goto("/#/settings");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.getByRole("navigation", { name: "Pages" }).filter({ visible: true }).waitFor();
  await page.goto("/#/settings/security");
  await list.getByText("last used").waitFor();
  await list.getByRole("button", { name: "Remove" }).click();
  await page
    .getByRole("dialog", { name: /Remove the passkey/ })
    .getByRole("button", { name: "Remove" })
    .click();
  await list.getByText("My phone").waitFor({ state: "detached" });
});

test("where the cookie is gone an open page leads to signing in again, the operator's too", async () => {
  const page = await newPage();
  await signUp(page);
  await page.goto("/#/settings/security");
  await page.getByRole("button", { name: "Set up an app" }).waitFor();
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Set up an app" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();

  const operator = await signedIn("operator");
  await openOperated(operator, "/");
  await operator.getByRole("button", { name: "Stop all new work" }).waitFor();
  await operator.context().clearCookies();
  await operator.getByRole("button", { name: "Stop all new work" }).click();
  await giveReason(operator, "Stop all new work");
  await operator.getByRole("link", { name: "Sign in" }).click();
  await operator.getByRole("heading", { name: "Sign in" }).waitFor();
});

test("a forgotten password is set anew by the link, and the old one is refused", async () => {
  const page = await newPage();
  const name = await signUp(page);
  const [forgetful, operator] = [await newPage(), await signedIn("operator")];
  await forgetful.goto(await linkTo(operator, name, "Confirm your e-mail address"));
  await forgetful.getByText("Your e-mail address is confirmed.").waitFor();
  await forgetful.goto("/#/sign-in");
  await forgetful.getByRole("link", { name: "Forgot your password?" }).click();
  // The page before has a field of the same name.
  const send = forgetful.getByRole("button", { name: "Send the link" });
  await send.waitFor();
  await forgetful.getByLabel("Name or e-mail address").fill(name);
  await send.click();
  await forgetful.getByText(/gets a mail within a minute/).waitFor();
  await forgetful.goto(await linkTo(operator, name, "Set a new password"));
  await forgetful.getByLabel("New password").fill("qwerty123456");
  await forgetful.getByRole("button", { name: "Set the password" }).click();
  await forgetful.getByText("is one of the most common passwords").waitFor();
  await forgetful.getByLabel("New password").fill("another one nobody guesses");
  await forgetful.getByRole("button", { name: "Set the password" }).click();
  await forgetful.getByText("Your password is set").waitFor();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
});

test("a token is shown once, data is taken along, and a closed account lets nobody in", async () => {
  const page = await newPage();
  const name = await signUp(page);
  await page.goto("/#/settings/security");
  await page.getByRole("button", { name: "Make a token" }).click();
  const dialog = page.getByRole("dialog", { name: "Make a token" });
  await dialog.getByLabel("Name").fill("Nightly report");
  await dialog.getByRole("button", { name: "Make a token" }).click();
  const made = page.getByRole("dialog", { name: "Your token" });
  expect(await made.locator("code").textContent()).toMatch(/^tp_/);
  await made.getByRole("button", { name: "I keep it" }).click();
  await page.getByRole("list", { name: "API tokens" }).getByText("Nightly report").waitFor();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export my data" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("my-data.json");
  await page.getByRole("button", { name: "Close my account" }).click();
  const asked = page.getByRole("dialog", { name: "Close your account?" });
  await asked.getByText("nothing brings the account back").waitFor();
  await asked.getByRole("button", { name: "Close my account" }).click();
  await page.getByLabel("Name or e-mail address").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("wrong-credentials").waitFor();
});

test("what is dangerous asks for the password again when the session is old: signing all others out", async () => {
  const page = await newPage();
  const name = await signUp(page);
  const other = await newPage();
  await other.goto("/#/sign-in");
  await other.getByLabel("Name or e-mail address").fill(name);
  await other.getByLabel("Password").fill(password);
  await other.getByRole("button", { name: "Sign in" }).click();
  await other.waitForURL(/#\/workbench/);
  let isOld = true;
  await page.route("**/api/v1/users/me/sessions", async (route) => {
    if (!isOld || route.request().method() !== "DELETE") return route.continue();
    isOld = false;
    const problem = { code: "confirmation-needed", detail: "Confirm that it is you.", status: 403 };
    return route.fulfill({ status: 403, json: { type: "x", title: "x", ...problem } });
  });
  await page.goto("/#/settings/security");
  await page.getByRole("button", { name: "Sign out all others" }).click();
  const dialog = page.getByRole("dialog", { name: "Confirm that it is you" });
  await dialog.getByLabel("Present password").fill("not the password");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await dialog.getByText("wrong-credentials").waitFor();
  await dialog.getByLabel("Present password").fill(password);
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await page.getByText("All other sessions have ended.").waitFor();
  await other.getByRole("heading", { name: "Sign in" }).waitFor();
});
