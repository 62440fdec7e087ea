import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from "@simplewebauthn/browser";
import { ask } from "./client.ts";
import { local, ProblemError } from "./problem.ts";
import type { Shapes } from "./shapes.ts";

/** Whether this browser knows passkeys, and this page may use them: on HTTPS or localhost. */
export const hasPasskeys = (): boolean =>
  typeof window.PublicKeyCredential === "function" && window.isSecureContext;

/** Lets the device make a passkey; the server keeps its public half. Throws ProblemError. */
export async function makeCredential(): Promise<unknown> {
  const options = await ask("credentialOptions", "/users/me/passkeys/options", { method: "POST" });
  // The server's library and the browser's are of one make and agree on what stands in here.
  const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON;
  const { id, response } = await told(() => startRegistration({ optionsJSON }));
  const { clientDataJSON, attestationObject, transports } = response;
  return { id, response: { clientDataJSON, attestationObject, transports } };
}

/** Lets the device sign that it is there: to sign in, or to confirm an action. Throws ProblemError. */
export async function signedCredential(what: "sign-in" | "confirmation"): Promise<unknown> {
  const options: Shapes["credentialOptions"] =
    what === "sign-in"
      ? await ask("credentialOptions", "/auth/passkey/options", { method: "POST", anonymous: true })
      : await ask("credentialOptions", "/users/me/confirmation/options", { method: "POST" });
  const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON;
  const { id, response } = await told(() => startAuthentication({ optionsJSON }));
  const { clientDataJSON, authenticatorData, signature } = response;
  return { id, response: { clientDataJSON, authenticatorData, signature } };
}

/** Browsers say little about why it did not happen, so that pages learn nothing of who is there. */
async function told<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { name, message } = error as Error;
    const detail = sentences[name] ?? message;
    throw new ProblemError(local("passkey-refused", 400, "No passkey was used", detail));
  }
}

const sentences: Readonly<Record<string, string>> = {
  NotAllowedError: "It was cancelled, took too long, or this device has none for this site.",
  InvalidStateError: "This device has a passkey for this account already.",
  SecurityError: "Passkeys belong to the site's own address: open the site there.",
};
