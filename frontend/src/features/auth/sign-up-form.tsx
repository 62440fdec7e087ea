import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { LegalText } from "@trading/contracts/notices";
import { useState } from "react";
import { legalQuery } from "../../api/account-queries.ts";
import { problemOf } from "../../api/problem.ts";
import { siteQuery } from "../../api/queries.ts";
import { signUp } from "../../api/session.ts";
import { Link } from "../../router/router.tsx";
import { Button } from "../../ui/button.tsx";
import { CountryField } from "../../ui/country.tsx";
import { TextField } from "../../ui/field.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { PasswordField } from "./password-field.tsx";
import { texts } from "./texts.ts";

type SignUpFormProps = Readonly<{
  onDone: () => void;
  /** The token of an invitation, and the address it was sent to. */
  invitation?: string;
  invited?: string;
}>;

/** Name, address and password of a new account, which is signed in at once. */
export function SignUpForm({ onDone, invitation, invited = "" }: SignUpFormProps) {
  const [name, setName] = useState("");
  const [email, setEmail] = useState(invited);
  const [password, setPassword] = useState("");
  const [country, setCountry] = useState("");
  const [isAgreed, setAgreed] = useState(false);
  const client = useQueryClient();
  const legal = useQuery(legalQuery).data?.items ?? [];
  const asksCountry = useQuery(siteQuery).data?.asksCountry === true;
  const entry = useMutation({
    mutationFn: () =>
      signUp({
        name: name.trim(),
        email: email.trim(),
        password,
        ...(invitation === undefined ? {} : { invitation }),
        ...(asksCountry ? { country } : {}),
        ...(legal.length === 0 ? {} : { agreesTo: isAgreed ? versionsOf(legal) : [] }),
      }),
    onSuccess: onDone,
    onError: (error) => {
      if (problemOf(error).code !== "agreement-needed") return;
      setAgreed(false);
      void client.invalidateQueries(legalQuery);
    },
  });
  const errors = entry.error === null ? [] : (problemOf(entry.error).errors ?? []);
  const errorAt = (field: string) =>
    errors.find((one) => one.where === field || one.where.endsWith(`.${field}`))?.message;
  const isTold =
    errors.length > 0 &&
    errors.every((one) =>
      ["name", "email", "password", "country"].some((field) => one.where.endsWith(field)),
    );
  return (
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
      <PasswordField isNew value={password} onChange={setPassword} error={errorAt("password")} />
      {asksCountry && (
        <CountryField
          label={texts.country}
          help={texts.countryHelp}
          choose={texts.chooseCountry}
          error={errorAt("country")}
          value={country}
          onChange={setCountry}
        />
      )}
      {legal.length > 0 && <Agreement texts={legal} isAgreed={isAgreed} onChange={setAgreed} />}
      {entry.error !== null && !isTold && <ProblemView error={entry.error} />}
      <Button type="submit" look="primary" busy={entry.isPending}>
        {texts.signUp}
      </Button>
    </form>
  );
}

const versionsOf = (legal: readonly LegalText[]) =>
  legal.map(({ kind, version }) => ({ kind, version }));

type AgreementProps = Readonly<{
  texts: readonly LegalText[];
  isAgreed: boolean;
  onChange: (isAgreed: boolean) => void;
}>;

/** The texts of the site, to be read in another tab, so that what was typed stays. */
const Agreement = ({ texts: legal, isAgreed, onChange }: AgreementProps) => (
  <label className="flex items-start gap-2">
    <input
      type="checkbox"
      className="mt-1"
      required
      checked={isAgreed}
      onChange={({ target }) => onChange(target.checked)}
    />
    <span>
      {texts.agree}{" "}
      {legal.map(({ kind }) => (
        <Link
          key={kind}
          to="/legal/$kind"
          params={{ kind }}
          target="_blank"
          className="mr-2 text-accent underline pointer-coarse:py-3"
        >
          {texts.legal[kind]}
        </Link>
      ))}
    </span>
  </label>
);
