import { catalogue } from "../../ui/catalogue.ts";

export const texts = catalogue("notices", {
  lookedAt: (name: string) =>
    `You look at the site as ${name} sees it. Nothing can be changed; ${name} was told.`,
  halted:
    "The operator has stopped new backtests, imports and downloads for now. What is there can be read.",
  country: "Country you live in",
  chooseCountry: "Choose…",
  countryAsked:
    "The operator asks in which country you live. Until you say so, nothing new begins. It is said once.",
  sayCountry: "I live there",
  countryBlocked:
    "The site is not offered in the country you live in. What is there can be read, exported and closed; nothing new begins.",
  countryWrong: "Said by mistake? The operator of the site can ask you anew.",
  dismiss: "Dismiss",
  agree: "New versions of texts that you agree to:",
  doAgree: "I have read them and agree",
  kinds: { terms: "Terms", privacy: "Privacy", risk: "Risks" },
  version: (n: number) => `Version ${n}, published`,
  back: "Back",
});
