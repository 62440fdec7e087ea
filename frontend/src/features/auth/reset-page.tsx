import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ask } from "../../api/client.ts";
import { problemOf } from "../../api/problem.ts";
import { Link, pageAddress } from "../../router/router.tsx";
import { Button, buttonClass } from "../../ui/button.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { AuthFrame } from "./auth-frame.tsx";
import { linkProblem } from "./cut-link.ts";
import { PasswordField } from "./password-field.tsx";
import { texts } from "./texts.ts";

const route = pageAddress("/reset/$token", () => ({}));

/** Where the link of a forgotten password lands. It signs nobody in: the new password does, with the code if there is one. */
export function ResetPage() {
  const { token } = route.useParams();
  const [password, setPassword] = useState("");
  const reset = useMutation({
    mutationFn: () =>
      ask("nothing", "/auth/reset", { method: "POST", body: { token, password }, anonymous: true }),
  });
  const refusal =
    reset.error === null
      ? undefined
      : problemOf(reset.error).errors?.find(({ where }) => where !== "token")?.message;
  return (
    <AuthFrame title={texts.forgotTitle}>
      {reset.isSuccess ? (
        <div role="status" className="grid gap-4">
          <p>{texts.passwordSet}</p>
          <Link to="/sign-in" className={buttonClass("primary")}>
            {texts.signIn}
          </Link>
        </div>
      ) : (
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            reset.mutate();
          }}
        >
          <PasswordField
            isNew
            label={texts.newPassword}
            value={password}
            onChange={setPassword}
            error={refusal}
          />
          {reset.error !== null && refusal === undefined && (
            <ProblemView
              error={linkProblem(reset.error)}
              action={
                <Link to="/forgot" className={buttonClass("plain", true)}>
                  {texts.sendLink}
                </Link>
              }
            />
          )}
          <Button type="submit" look="primary" busy={reset.isPending}>
            {texts.setPassword}
          </Button>
        </form>
      )}
    </AuthFrame>
  );
}
