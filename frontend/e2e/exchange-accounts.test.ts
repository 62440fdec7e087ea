import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import { readRunning } from "../../backend/src/start/running.ts";
import { createAccount } from "./support/sign-up.ts";
import { browserTest as test, visitor } from "./support/visitor.ts";

const { newPage, signedIn } = visitor();
const output = join(import.meta.dirname, "output");

/** A key as the operator of the simulated exchange hands it out. */
async function keyAtSimulator(): Promise<{ apiKey: string; secret: string }> {
  const { SIMULATOR_URL = "", SIMULATOR_TOKEN_FILE = "" } = readRunning(inject("dataDir")) ?? {};
  const answer = await fetch(`${SIMULATOR_URL}/simulator/accounts`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${readFileSync(SIMULATOR_TOKEN_FILE, "utf8").trim()}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ balances: { USDT: "12345.5", BTC: "0.25" } }),
  });
  return answer.json() as Promise<{ apiKey: string; secret: string }>;
}

async function signUp(page: Page): Promise<void> {
  const name = `keeper-${Date.now()}`;
  await page.goto("/#/sign-up");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("E-mail address").fill(`${name}@example.org`);
  await page.getByLabel("Password").fill("a long enough password");
  await createAccount(page);
  await page.getByRole("navigation", { name: "Pages" }).filter({ visible: true }).waitFor();
}

test.for([
  { width: 1440, height: 900, theme: "Dark" },
  { width: 390, height: 844, theme: "Light" },
] as const)(
  "an account at the simulated exchange is connected, read and removed ($width)",
  async ({ theme, ...size }) => {
    const { apiKey, secret } = await keyAtSimulator();
    const page = await newPage();
    await page.setViewportSize(size);
    await signUp(page);
    await page.goto("/#/settings");
    await page.getByRole("button", { name: theme }).click();
    await page.getByRole("link", { name: "Open exchange accounts" }).click();
    await page.getByText("No account is connected.").waitFor();
    await page.getByRole("button", { name: "Connect an account" }).click();
    const dialog = page.getByRole("dialog", { name: "Connect an account" });
    await dialog.getByLabel("Name").fill("Practice");
    await dialog.getByLabel("API key").fill(apiKey);
    await dialog.getByLabel("Secret").fill(`${secret.slice(1)}x`);
    await dialog.getByRole("button", { name: "Try the key and connect" }).click();
    await dialog.getByText("The secret does not belong to this key.").waitFor();
    await page.screenshot({ path: join(output, `exchange-connect-${size.width}.png`) });
    await dialog.getByLabel("Secret").fill(secret);
    await dialog.getByRole("button", { name: "Try the key and connect" }).click();
    await dialog.waitFor({ state: "detached" });

    const account = page.getByRole("listitem").filter({ hasText: "Practice" });
    await account.getByText("works", { exact: true }).waitFor();
    const balances = account.getByRole("table", { name: "Balances of Practice" });
    await balances.getByText("12,345.50000000").first().waitFor();
    await account.getByRole("button", { name: "Check again" }).click();
    await account.getByRole("button", { name: "Check again" }).waitFor();
    await page.screenshot({ path: join(output, `exchange-accounts-${size.width}.png`) });
    const isWide = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
    expect(isWide).toBe(false);
    expect(await page.content()).not.toContain(apiKey);

    await account.getByRole("button", { name: "Remove" }).click();
    await page
      .getByRole("dialog", { name: "Remove “Practice”?" })
      .getByRole("button", { name: "Remove" })
      .click();
    await page.getByText("No account is connected.").waitFor();
    await page.getByRole("button", { name: /^Messages/ }).click();
    await page.getByText("An exchange account was removed").first().waitFor();
  },
);

test("an operator destroys keys that leaked; their owner sees what to do and enters a new one", async () => {
  const page = await newPage();
  await signUp(page);
  const connect = async (button: string, name: string) => {
    const key = await keyAtSimulator();
    await page.getByRole("button", { name: button }).click();
    const dialog = page.getByRole("dialog", { name });
    if (button === "Connect an account") await dialog.getByLabel("Name").fill("Practice");
    await dialog.getByLabel("API key").fill(key.apiKey);
    await dialog.getByLabel("Secret").fill(key.secret);
    await dialog.getByRole("button", { name: /^Try the key/ }).click();
    await dialog.waitFor({ state: "detached" });
  };
  await page.goto("/#/settings/exchanges");
  await connect("Connect an account", "Connect an account");

  const operator = await signedIn("operator");
  await operator.goto("/admin/#/keys");
  await operator.getByRole("button", { name: "Destroy all keys" }).click();
  const reasons = operator.getByRole("dialog");
  await reasons.getByLabel("Reason").fill("a rehearsal");
  await reasons.getByRole("button", { name: "Destroy all keys" }).click();
  await operator.getByText(/Accounts: 1, of users: 1; told: 1/).waitFor();
  await operator.getByRole("grid").getByText("Simulated exchange").first().click();
  await operator.getByRole("complementary", { name: "Account" }).getByText("Owner told").waitFor();
  await operator.screenshot({ path: join(output, "operator-keys.png") });
  await page.getByText("needs a new key").waitFor();
  await page.getByText("The operator takes no keys in at present.").waitFor();
  await page.screenshot({ path: join(output, "exchange-accounts-leak.png") });

  await operator.goto("/admin/#/");
  await operator.getByRole("button", { name: "Let work begin again" }).click();
  await reasons.getByLabel("Reason").fill("the rehearsal is over");
  await reasons.getByRole("button", { name: "Let work begin again" }).click();
  await reasons.waitFor({ state: "detached" });
  await connect("Enter a new key", "Replace key: Practice");
  await page.getByText("works", { exact: true }).waitFor();
  await operator.goto("/admin/#/keys");
  await operator.getByText("new key entered", { exact: true }).waitFor();
});
