import { expect, test } from "vitest";
import { announcementRequest, reasoned } from "./admin.ts";

test("lengths are of the text as it was sent, as the OpenAPI document says", () => {
  const announcement = { tone: "info", endsAt: null, reason: "to see" };
  const isTaken = (text: string) =>
    announcementRequest.safeParse({ ...announcement, text }).success;
  expect(isTaken("x".repeat(300))).toBe(true);
  expect(isTaken(` ${"x".repeat(300)}`)).toBe(false);
});

test("a reason has three characters without the blanks around it, which are cut off", () => {
  expect(reasoned.parse({ reason: " to see\n" })).toEqual({ reason: "to see" });
  expect(reasoned.safeParse({ reason: "très 好 😀" }).success).toBe(true);
  const unseen = [
    "\u200b\u200b\u200b",
    "\u2800\u3164\u2800",
    "see\u202eees",
    "s\u{e0114}ees",
    "see\u001b[2J",
    "\u{6bd4f}\u0006",
  ];
  for (const reason of ["", "   ", " x ", "\rno", ...unseen])
    expect(reasoned.safeParse({ reason }).success, JSON.stringify(reason)).toBe(false);
});
