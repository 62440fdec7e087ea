import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ask } from "../../api/client.ts";
import { Link, navigate, pageAddress } from "../../router/router.tsx";
import { buttonClass } from "../../ui/button.tsx";
import { Progress } from "../../ui/feedback.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { AuthFrame } from "./auth-frame.tsx";
import { linkProblem } from "./cut-link.ts";
import { SignUpForm } from "./sign-up-form.tsx";
import { texts } from "./texts.ts";

const route = pageAddress("/invite/$token", () => ({}));

/** Where an invitation lands: it makes one account, whatever the site allows otherwise. */
export function InvitePage() {
  const { token } = route.useParams();
  const client = useQueryClient();
  const { data, error } = useQuery({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) =>
      ask("openInvitation", "/auth/invitation", {
        method: "POST",
        body: { token },
        anonymous: true,
        signal,
      }),
    retry: false,
  });
  return (
    <AuthFrame title={texts.invited}>
      {error !== null ? (
        <ProblemView
          error={linkProblem(error)}
          action={
            <Link to="/sign-in" className={buttonClass("plain", true)}>
              {texts.signIn}
            </Link>
          }
        />
      ) : data === undefined ? (
        <Progress share={null} label={texts.invited} />
      ) : (
        <SignUpForm
          invitation={token}
          invited={data.email ?? ""}
          onDone={() => {
            // Somebody else may have been signed in here before.
            client.clear();
            navigate({ to: "/workbench", replace: true });
          }}
        />
      )}
    </AuthFrame>
  );
}
