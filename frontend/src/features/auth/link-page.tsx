import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { signInByLink } from "../../api/session.ts";
import { Link, navigate, pageAddress } from "../../router/router.tsx";
import { buttonClass } from "../../ui/button.tsx";
import { Progress } from "../../ui/feedback.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { AuthFrame } from "./auth-frame.tsx";
import { linkProblem } from "./cut-link.ts";
import { texts } from "./texts.ts";

const route = pageAddress("/link/$token", () => ({}));

/** Where a one-time link lands: it signs in and opens the workbench. */
export function LinkPage() {
  const { token } = route.useParams();
  const client = useQueryClient();
  const used = useRef(false);
  const { mutate, error } = useMutation({
    mutationFn: signInByLink,
    onSuccess: () => {
      // Somebody else may have been signed in here before.
      client.clear();
      navigate({ to: "/workbench", replace: true });
    },
  });
  useEffect(() => {
    // The link works once; React may run effects twice.
    if (used.current) return;
    used.current = true;
    mutate(token);
  }, [mutate, token]);
  return (
    <AuthFrame title={error === null ? texts.entering : texts.noLink}>
      {error === null ? (
        <Progress share={null} label={texts.entering} />
      ) : (
        <ProblemView
          error={linkProblem(error)}
          action={
            <Link to="/sign-in" className={buttonClass("plain", true)}>
              {texts.signIn}
            </Link>
          }
        />
      )}
    </AuthFrame>
  );
}
