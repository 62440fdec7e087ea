import type { UserSettings } from "@trading/contracts/accounts";

type Look = Pick<UserSettings, "theme" | "colours">;
const key = "look";
const prefersLight = matchMedia("(prefers-color-scheme: light)");
let current: Look = { theme: "dark", colours: "teal-red" };

/** Puts the user's look on the page and remembers it for the next first paint, before anybody is signed in. */
export function applyLook(look: Look): void {
  current = { theme: look.theme, colours: look.colours };
  const isLight = look.theme === "light" || (look.theme === "system" && prefersLight.matches);
  document.documentElement.dataset.theme = isLight ? "light" : "dark";
  document.documentElement.dataset.colours = look.colours;
  document
    .querySelector("meta[name=theme-color]")
    ?.setAttribute("content", isLight ? "#ffffff" : "#0e1116");
  try {
    localStorage.setItem(key, JSON.stringify(current));
  } catch {
    // Storage may be forbidden; the look then comes with the settings, a moment later.
  }
}

/** The look of the last visit, before the first paint. */
export function applyRememberedLook(): void {
  applyLook({ ...current, ...remembered() });
  prefersLight.addEventListener("change", () => applyLook(current));
}

function remembered(): Partial<Look> {
  try {
    const look: unknown = JSON.parse(localStorage.getItem(key) ?? "{}");
    return typeof look === "object" && look !== null ? look : {};
  } catch {
    return {};
  }
}
