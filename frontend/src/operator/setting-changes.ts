import type { SiteSettings } from "@trading/contracts/site-settings";
import { countryName } from "../ui/country.tsx";
import { texts } from "./texts.ts";

const t = texts.settings;
const names: Readonly<Record<keyof SiteSettings, string>> = {
  siteName: t.siteName,
  supportAddress: t.supportAddress,
  registration: t.registration,
  asksCountry: t.asksCountry,
  blockedCountries: t.blocked,
  hypotheticalNotice: t.hypothetical,
};

type Values = Readonly<{ [Name in keyof SiteSettings]?: SiteSettings[Name] | undefined }>;
type Version = Readonly<{ values: Values; isHalted: boolean }>;

/** What one version of the settings changed, in words; `before` is undefined for the first. */
export function changesBetween(before: Version | undefined, after: Version): string[] {
  const changed = (Object.keys(names) as (keyof SiteSettings)[]).filter(
    (name) => JSON.stringify(after.values[name]) !== JSON.stringify(before?.values[name]),
  );
  const halted = after.isHalted ? t.halted : t.resumed;
  return [
    ...changed.map((name) => `${names[name]}: ${wordsOf(name, after.values)}`),
    ...(after.isHalted === (before?.isHalted ?? false) ? [] : [halted]),
  ];
}

function wordsOf(name: keyof SiteSettings, values: Values): string {
  const value = values[name];
  if (value === undefined || value === null) return t.unset;
  if (typeof value === "boolean") return value ? t.yes : t.no;
  if (typeof value !== "string") return value.map(countryName).join(", ") || t.unset;
  return name === "registration" ? t.registrations[value as SiteSettings["registration"]] : value;
}
