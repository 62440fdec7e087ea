import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ask } from "../api/client.ts";
import { AuthFrame } from "../features/auth/auth-frame.tsx";
import { PasswordField } from "../features/auth/password-field.tsx";
import { useAddress } from "../router/router.tsx";
import { Button, buttonClass } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { ProblemView } from "../ui/problem-view.tsx";
import { texts } from "./texts.ts";

const t = texts.setup;

/** The first operator makes their account, by the link that stands in the log of a new site. */
export function SetupPage() {
  const { path } = useAddress();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const { mutate, error, isPending, isSuccess } = useMutation({
    mutationFn: () =>
      ask("nothing", "/setup", {
        ...{ method: "POST", anonymous: true },
        body: { token: path.split("/").at(-1) ?? "", name, email, password },
      }),
  });
  if (isSuccess) {
    return (
      <AuthFrame title={t.done}>
        <p>{t.doneHelp}</p>
        <a href="../#/sign-in" className={buttonClass("primary")}>
          {texts.signIn}
        </a>
      </AuthFrame>
    );
  }
  return (
    <AuthFrame title={t.title}>
      <p className="text-muted">{t.about}</p>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          mutate();
        }}
      >
        <TextField
          label={t.name}
          autoComplete="username"
          value={name}
          onChange={setName}
          required
          minLength={3}
          maxLength={40}
        />
        <TextField
          label={t.email}
          type="email"
          autoComplete="email"
          value={email}
          onChange={setEmail}
          required
        />
        <PasswordField isNew value={password} onChange={setPassword} />
        {error !== null && <ProblemView error={error} />}
        <Button type="submit" look="primary" busy={isPending}>
          {t.make}
        </Button>
      </form>
    </AuthFrame>
  );
}
