import { expect, test } from "vitest";
import { hrefOf, paramsOf, readAddress } from "./address.ts";

test("an address is read and written the same", () => {
  const href = hrefOf({ to: "/data", search: { q: "BTC/USDT & more?", order: "asc" } });
  expect(readAddress(href)).toEqual({
    path: "/data",
    search: { q: "BTC/USDT & more?", order: "asc" },
  });
  expect(hrefOf({ to: "/data", search: { q: "" } })).toBe("#/data");
  expect(readAddress("")).toEqual({ path: "/", search: {} });
  expect(readAddress("#elsewhere")).toEqual({ path: "/", search: {} });
});

test("what varies in a path is found, decoded, and must not be empty", () => {
  const href = hrefOf({ to: "/strategies/$name", params: { name: "my/own 100 %" } });
  expect(paramsOf("/strategies/$name", readAddress(href).path)).toEqual({ name: "my/own 100 %" });
  expect(paramsOf("/strategies/$name", "/strategies/")).toBeNull();
  expect(paramsOf("/strategies/$name", "/strategies/%E0%A4%A")).toBeNull();
  expect(paramsOf("/strategies", "/strategies/x")).toBeNull();
  expect(paramsOf("/", "/")).toEqual({});
});
