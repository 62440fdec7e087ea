import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** Reads the colours of tokens.css as a browser would cascade them, and measures that text can be read. */
const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

function colours(...selectors: string[]): Readonly<Record<string, string>> {
  const found = selectors.flatMap((selector) => {
    const start = css.indexOf(`\n${selector} {`);
    const block = css.slice(start, css.indexOf("}", start));
    return [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = "", value = ""]) => [
      name,
      value,
    ]);
  });
  return Object.fromEntries(found);
}

const light = ':root[data-theme="light"]';
const blue = ':root[data-colours="blue-orange"]';
const themes = {
  dark: colours(":root"),
  light: colours(":root", light),
  "dark, blue and orange": colours(":root", blue),
  "light, blue and orange": colours(":root", light, blue, `${blue}[data-theme="light"]`),
};

const luminance = (colour: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const texts = ["text", "muted", "accent", "amber", "violet", "up-text", "down-text"];
const grounds = ["ground", "panel", "hover"];

test.each(Object.entries(themes))("text can be read on every ground of %s", (_, theme) => {
  const weak = texts.flatMap((text) =>
    grounds
      .filter((ground) => !(contrast(theme[text] ?? "", theme[ground] ?? "") >= 4.5))
      .map((ground) => `${text} on ${ground}`),
  );
  expect(weak).toEqual([]);
});

test.each(Object.entries(themes))("white can be read on the filled buttons of %s", (_, theme) => {
  expect(contrast("#ffffff", theme["accent-fill"] ?? "")).toBeGreaterThanOrEqual(4.5);
  expect(contrast("#ffffff", theme["danger-fill"] ?? "")).toBeGreaterThanOrEqual(4.5);
});
