import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ask } from "../../api/client.ts";
import { siteQuery } from "../../api/queries.ts";
import { Link } from "../../router/router.tsx";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { AuthFrame } from "./auth-frame.tsx";
import { texts } from "./texts.ts";

/** Asks for a link that sets a new password; the answer never tells whether there is such an account. */
export function ForgotPage() {
  const site = useQuery(siteQuery).data;
  const [identifier, setIdentifier] = useState("");
  const wish = useMutation({
    mutationFn: () =>
      ask("nothing", "/auth/forgot", {
        method: "POST",
        body: { identifier: identifier.trim() },
        anonymous: true,
      }),
  });
  return (
    <AuthFrame title={texts.forgotTitle}>
      {wish.isSuccess ? (
        <div role="status" className="grid gap-2">
          <p>{texts.linkSent}</p>
          {site?.mail === "caught" && <p className="text-muted">{texts.caughtHint}</p>}
        </div>
      ) : (
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            wish.mutate();
          }}
        >
          <p className="text-muted">{texts.forgotText}</p>
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
          {wish.error !== null && <ProblemView error={wish.error} />}
          <Button type="submit" look="primary" busy={wish.isPending}>
            {texts.sendLink}
          </Button>
        </form>
      )}
      <Link to="/sign-in" className="justify-self-start text-accent pointer-coarse:py-3.5">
        {texts.signIn}
      </Link>
    </AuthFrame>
  );
}
