import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { hasPasskeys, signedCredential } from "../../api/passkeys.ts";
import { problemOf } from "../../api/problem.ts";
import { siteQuery } from "../../api/queries.ts";
import { signIn, signInByPasskey } from "../../api/session.ts";
import { goTo, Link, pageAddress } from "../../router/router.tsx";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { AuthFrame } from "./auth-frame.tsx";
import { CodeField } from "./code-field.tsx";
import { PasswordField } from "./password-field.tsx";
import { nextSearch } from "./search.ts";
import { texts } from "./texts.ts";

const route = pageAddress("/sign-in", nextSearch);

/** Signs in by name and password and goes on to the page that was asked for. */
export function SignInPage() {
  const { next } = route.useSearch();
  const site = useQuery(siteQuery).data;
  const [identifier, setIdentifier] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [needsCode, setNeedsCode] = useState(false);
  const goOn = () => goTo(`#${next ?? "/workbench"}`, { replace: true });
  const entry = useMutation({
    mutationFn: () => signIn(identifier.trim(), password, needsCode ? code.trim() : undefined),
    onError: (error) => {
      if (problemOf(error).code === "second-factor-required") setNeedsCode(true);
    },
    onSuccess: goOn,
  });
  const byPasskey = useMutation({
    mutationFn: async () => signInByPasskey(await signedCredential("sign-in")),
    onSuccess: goOn,
  });
  return (
    <AuthFrame title={texts.signIn}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          entry.mutate();
        }}
      >
        <TextField
          label={texts.identifier}
          name="username"
          autoComplete="username"
          required
          maxLength={254}
          value={identifier}
          onChange={setIdentifier}
          autoFocus
        />
        <PasswordField value={password} onChange={setPassword} />
        {needsCode && <CodeField value={code} onChange={setCode} autoFocus />}
        {entry.error !== null && !isQuestion(entry.error) && <ProblemView error={entry.error} />}
        <Button type="submit" look="primary" busy={entry.isPending}>
          {texts.signIn}
        </Button>
        {hasPasskeys() && (
          <Button busy={byPasskey.isPending} onClick={() => byPasskey.mutate()}>
            {texts.usePasskey}
          </Button>
        )}
        {byPasskey.error !== null && <ProblemView error={byPasskey.error} />}
      </form>
      {site !== undefined && site.mail !== "none" && (
        <Link to="/forgot" className="justify-self-start text-accent pointer-coarse:py-3.5">
          {texts.forgot}
        </Link>
      )}
      {site?.registration === "open" && (
        <p className="text-muted">
          {texts.noAccount}{" "}
          <Link
            to="/sign-up"
            search={next === undefined ? {} : { next }}
            className="text-accent underline underline-offset-2 pointer-coarse:py-3.5"
          >
            {texts.signUp}
          </Link>
        </p>
      )}
      {site?.environment === "development" && (
        <p className="text-sm text-muted">
          {texts.linkHint}{" "}
          <code className="font-mono whitespace-nowrap text-text">{texts.linkCommand}</code>
        </p>
      )}
    </AuthFrame>
  );
}

/** Asking for the code is no failure. */
const isQuestion = (error: unknown) => problemOf(error).code === "second-factor-required";
