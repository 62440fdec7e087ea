import { expect, test } from "vitest";
import { changesBetween } from "./setting-changes.ts";

const halted = { values: {}, isHalted: true };
const named = { values: { siteName: "Northwind" }, isHalted: false };
const open = {
  values: { siteName: "Northwind", registration: "invitation", supportAddress: null },
  isHalted: false,
} as const;

const blocked = { values: { blockedCountries: ["KP", "IR"], asksCountry: true }, isHalted: false };

test.each([
  [undefined, named, ["Name of the site: Northwind"]],
  [named, open, ["Support address: none", "New accounts: By invitation"]],
  [undefined, halted, ["New work stopped"]],
  [halted, named, ["Name of the site: Northwind", "New work begins again"]],
  [open, open, []],
  [
    undefined,
    blocked,
    ["Everybody says in which country they live: yes", "Not offered in: North Korea, Iran"],
  ],
  [blocked, { ...blocked, values: { ...blocked.values, blockedCountries: ["KP", "IR"] } }, []],
])("a version of the settings says what it changed (%#)", (before, after, words) => {
  expect(changesBetween(before, after)).toEqual(words);
});
