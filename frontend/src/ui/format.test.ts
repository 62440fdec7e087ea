import { expect, test } from "vitest";
import {
  bytes,
  count,
  duration,
  instantText,
  money,
  number,
  percent,
  priceDecimals,
  relative,
  zoneName,
} from "./format.ts";

test.each([
  [2002.3, { sign: true, decimals: 1 }, "+2,002.3"],
  [-0.004, { sign: true }, "0.00"],
  [-14485.38, {}, "−14,485.38"],
  [null, {}, "–"],
  [Number.NaN, {}, "–"],
])("the number %s with %o reads %s", (value, style, text) => {
  expect(number(value, style)).toBe(text);
});

test("money carries its unit and per cent its sign", () => {
  expect(money(-3.5, { unit: "USDT" })).toBe("−3.50 USDT");
  expect(money(null, { unit: "USDT" })).toBe("–");
  expect(percent(-0.4217)).toBe("−42.2 %");
  expect(percent(20.023, { sign: true })).toBe("+2,002.3 %");
  expect(percent(0.0645, { unit: false, decimals: 2 })).toBe("6.45");
  expect(count(45031)).toBe("45,031");
});

test("prices take their decimals from the tick, else from their size", () => {
  expect(priceDecimals(0.01)).toBe(2);
  expect(priceDecimals(0.5)).toBe(1);
  expect(priceDecimals(10)).toBe(0);
  expect(priceDecimals(null, 6316)).toBe(2);
  expect(priceDecimals(null, 0.00001234)).toBe(8);
});

test.each([
  [3, "3 ms"],
  [2_500, "2.5 s"],
  [42_000, "42 s"],
  [7_500_000, "2 h 05 min"],
  [31 * 86_400_000, "31 d"],
  [3.7 * 365.25 * 86_400_000, "3.7 years"],
])("%d ms reads %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test("an instant is shown in the zone asked for", () => {
  const at = Date.UTC(2024, 4, 1, 22, 30, 5);
  expect(instantText(at, "UTC")).toBe("2024-05-01 22:30");
  expect(instantText(at, "Europe/Berlin", "second")).toBe("2024-05-02 00:30:05");
  expect(instantText("2024-05-01T22:30:05.000Z", "UTC", "day")).toBe("2024-05-01");
  expect(zoneName("Europe/Berlin", at)).toBe("GMT+2");
  expect(relative(at - 180_000, at)).toBe("3 min ago");
  expect(bytes(12_400_000)).toBe("12.4 MB");
});
