import { expect } from "vitest";
import { seriousViolations } from "./support/axe.ts";
import { giveReason, openOperated } from "./support/operator.ts";
import { createAccount } from "./support/sign-up.ts";
import { browserTest as test, visitor } from "./support/visitor.ts";

const { newPage, signedIn } = visitor();

test("an operator stops new work, the trader is told, and the log has it", async () => {
  const page = await signedIn("operator");
  const trader = await signedIn("trader");
  await openOperated(page, "/");
  await page.getByRole("button", { name: "Stop all new work" }).click();
  await giveReason(page, "Stop all new work");
  await page.getByText("New work is stopped").waitFor();
  // What a page shows of the site before anybody signs in is up to a second old.
  const isHalted = async () => (await (await trader.request.get("/api/v1/site")).json()).isHalted;
  await expect.poll(isHalted).toBe(true);
  await trader.reload();
  await trader.getByText("The operator has stopped new backtests").waitFor();
  await page.getByRole("button", { name: "Let work begin again" }).click();
  await giveReason(page, "Let work begin again");
  await page.getByRole("link", { name: "Audit log" }).click();
  await page.getByRole("grid").getByText("New work resumed").first().waitFor();
});

test("an operator looks as a user in a tab where nothing can be changed", async () => {
  const page = await signedIn("operator");
  await openOperated(page, "/users");
  await page.getByRole("grid").getByText("trader", { exact: true }).click();
  await page.getByRole("button", { name: "Look as this user" }).click();
  const opened = page.waitForEvent("popup");
  await giveReason(page, "Look as this user");
  const look = await opened;
  await look.getByText("You look at the site as trader sees it").waitFor();
  await page.reload();
  await page.getByRole("navigation", { name: "Operator's pages" }).waitFor();
});

test("what is announced reaches a trader, above the page and behind the bell, until it ends", async () => {
  const page = await signedIn("operator");
  const trader = await signedIn("trader");
  await openOperated(page, "/notices");
  await page.getByLabel("Tell everybody who is signed in").fill("We restart on Sunday.");
  await page.getByRole("button", { name: "Announce" }).click();
  await giveReason(page, "Announce");
  await trader.getByRole("status").getByText("We restart on Sunday.").waitFor();
  await trader.getByRole("button", { name: /^Messages, \d+ unread$/ }).waitFor();
  await page.getByRole("button", { name: "End", exact: true }).click();
  await trader
    .getByRole("status")
    .getByText("We restart on Sunday.")
    .waitFor({ state: "detached" });
});

test("a published text is shown to a trader until they agree", async () => {
  const page = await signedIn("operator");
  const trader = await signedIn("trader");
  await openOperated(page, "/notices");
  await page.getByLabel("Terms").fill("Whoever trades here knows what that means.");
  await page.getByRole("button", { name: "Publish" }).first().click();
  await giveReason(page, "Publish");
  const agree = trader.getByRole("button", { name: "I have read them and agree" });
  await agree.click({ timeout: 8_000 });
  await agree.waitFor({ state: "detached" });
});

test("where a country is blocked people say theirs: who is new and who is there already", async () => {
  const page = await signedIn("operator");
  const trader = await signedIn("trader");
  await openOperated(page, "/settings");
  await page.getByLabel("Not offered in").fill("north k");
  await page.getByRole("option", { name: /North Korea/ }).click();
  await page.getByRole("button", { name: "Change settings" }).click();
  await giveReason(page, "Change settings");
  await page.getByText("Not offered in: North Korea").waitFor();

  const guest = await newPage();
  await guest.goto("/#/sign-up");
  await guest.getByLabel("Name").fill("somebody-new");
  await guest.getByLabel("E-mail address").fill("somebody-new@example.com");
  await guest.getByLabel("Password", { exact: true }).fill("a long enough password");
  await guest.getByLabel("Country you live in").selectOption("North Korea");
  await createAccount(guest);
  await guest.getByText("The site is not offered where you say to live.").waitFor();
  await guest.getByLabel("Country you live in").selectOption("Portugal");
  await createAccount(guest);
  await guest.waitForURL(/#\/workbench/);

  await trader.reload();
  await trader.getByLabel("Country you live in").selectOption("Norway");
  await trader.getByRole("button", { name: "I live there" }).click();
  await trader.getByRole("button", { name: "I live there" }).waitFor({ state: "detached" });
  await trader.goto("/#/settings");
  await trader.getByText("Norway", { exact: true }).waitFor();

  await page.getByRole("button", { name: "Offer in North Korea again" }).click();
  await page.getByRole("button", { name: "Change settings" }).click();
  await giveReason(page, "Change settings");
  await page.getByText("Not offered in: none").waitFor();
});

test("whoever is no operator finds nothing there", async () => {
  const page = await signedIn("trader");
  await page.goto("/admin/");
  await page.getByText("This area is for those who operate the site.").waitFor();
});

test.for([
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
])("no page of operators has a serious violation ($width)", async (size) => {
  const page = await signedIn("operator");
  await page.setViewportSize(size);
  const found: string[] = [];
  const names =
    "users backtests series strategies queues exchanges keys mails notifications notices audit settings";
  for (const address of ["", ...names.split(" ")]) {
    await openOperated(page, `/${address}`);
    await page.waitForFunction(
      () => document.querySelector("[aria-busy=true], .skeleton") === null,
    );
    found.push(...(await seriousViolations(page)).map((one) => `${address} ${one}`));
    const isWide = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
    if (isWide) found.push(`${address} is wider than the screen`);
  }
  expect(found).toEqual([]);
});
