import { catalogue } from "../../ui/catalogue.ts";

export const texts = catalogue("auth", {
  signIn: "Sign in",
  signUp: "Create account",
  identifier: "Name or e-mail address",
  name: "Name",
  nameHelp: "3 to 40 letters, digits, dots, hyphens or underscores",
  email: "E-mail address",
  password: "Password",
  passwordHelp: "At least 12 characters",
  show: "Show",
  hide: "Hide",
  noAccount: "No account yet?",
  hasAccount: "Have an account?",
  closed: "New accounts are made by the operator of this site.",
  linkHint: "On this machine a one-time sign-in link comes from",
  linkCommand: "npm run -s trading -- links",
  entering: "Signing you in",
});
