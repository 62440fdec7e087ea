import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { problemOf } from "../../api/problem.ts";
import { siteQuery } from "../../api/queries.ts";
import { signUp } from "../../api/session.ts";
import { goTo, Link, pageAddress } from "../../router/router.tsx";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { AuthFrame } from "./auth-frame.tsx";
import { PasswordField } from "./password-field.tsx";
import { nextSearch } from "./search.ts";
import { texts } from "./texts.ts";

const route = pageAddress("/sign-up", nextSearch);

/** Makes an account and signs it in, where the operator allows it. */
export function SignUpPage() {
  const { next } = route.useSearch();
  const site = useQuery(siteQuery).data;
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const entry = useMutation({
    mutationFn: () => signUp(name.trim(), email.trim(), password),
    onSuccess: () => goTo(`#${next ?? "/workbench"}`, { replace: true }),
  });
  const errors = entry.error === null ? [] : (problemOf(entry.error).errors ?? []);
  const errorAt = (field: string) =>
    errors.find((one) => one.where === field || one.where.endsWith(`.${field}`))?.message;
  const isTold =
    errors.length > 0 &&
    errors.every((one) => ["name", "email", "password"].some((field) => one.where.endsWith(field)));
  return (
    <AuthFrame title={texts.signUp}>
      {site !== undefined && site.registration !== "open" ? (
        <p className="text-muted">{texts.closed}</p>
      ) : (
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            entry.mutate();
          }}
        >
          <TextField
            label={texts.name}
            help={texts.nameHelp}
            error={errorAt("name")}
            name="username"
            autoComplete="username"
            required
            minLength={3}
            maxLength={40}
            value={name}
            onChange={setName}
            autoFocus
          />
          <TextField
            label={texts.email}
            error={errorAt("email")}
            type="email"
            name="email"
            autoComplete="email"
            required
            maxLength={254}
            value={email}
            onChange={setEmail}
          />
          <PasswordField
            isNew
            value={password}
            onChange={setPassword}
            error={errorAt("password")}
          />
          {entry.error !== null && !isTold && <ProblemView error={entry.error} />}
          <Button type="submit" look="primary" busy={entry.isPending}>
            {texts.signUp}
          </Button>
        </form>
      )}
      <p className="text-muted">
        {texts.hasAccount}{" "}
        <Link
          to="/sign-in"
          search={next === undefined ? {} : { next }}
          className="text-accent underline underline-offset-2 pointer-coarse:py-3.5"
        >
          {texts.signIn}
        </Link>
      </p>
    </AuthFrame>
  );
}
