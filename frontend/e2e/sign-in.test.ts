import { expect, inject } from "vitest";
import { signInLink } from "./support/platform.ts";
import { createAccount } from "./support/sign-up.ts";
import { browserTest as test, visitor } from "./support/visitor.ts";

const { newPage, signedIn } = visitor();

test("a link signs in once and opens the workbench", async () => {
  const link = await signInLink(inject("dataDir"), "trader");
  const page = await newPage();
  await page.goto(link);
  await page.getByRole("navigation", { name: "Pages" }).first().waitFor();
  expect(page.url()).toContain("#/workbench");

  const stranger = await newPage();
  await stranger.goto(link);
  await stranger.getByText("link-not-valid").waitFor();
});

test("who is not signed in comes to the sign-in page and, after it, to where they wanted", async () => {
  const page = await newPage();
  await page.goto("/#/settings");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.getByRole("link", { name: "Create account" }).click();
  const name = `visitor-${Date.now()}`;
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("E-mail address").fill(`${name}@example.org`);
  await page.getByLabel("Password").fill("a long enough password");
  await createAccount(page);
  await page.getByRole("heading", { name: "Settings" }).waitFor();
  await page.getByText(`${name}@example.org`).waitFor();
});

test("wrong credentials are told in one sentence with their code", async () => {
  const page = await newPage();
  await page.goto("/#/sign-in");
  await page.getByLabel("Name or e-mail address").fill("trader");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").getByText("wrong-credentials").waitFor();
});

test("a session survives a new load and a second tab, and ends in both", async () => {
  const page = await signedIn();
  await page.reload();
  await page.getByRole("link", { name: "Settings" }).click();
  const second = await page.context().newPage();
  await second.goto(page.url());
  await second.getByRole("heading", { name: "Settings" }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await second.getByRole("heading", { name: "Sign in" }).waitFor();
});
