import { useMutation } from "@tanstack/react-query";
import { ask } from "../../api/client.ts";
import { Link, pageAddress } from "../../router/router.tsx";
import { Button, buttonClass } from "../../ui/button.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { AuthFrame } from "./auth-frame.tsx";
import { linkProblem } from "./cut-link.ts";
import { texts } from "./texts.ts";

const route = pageAddress("/keep/$token", () => ({}));

/** Where the link of a closed account lands. It asks first: mail programs open links by themselves. */
export function KeepPage() {
  const { token } = route.useParams();
  const keep = useMutation({
    mutationFn: () =>
      ask("nothing", "/auth/keep-account", { method: "POST", body: { token }, anonymous: true }),
  });
  return (
    <AuthFrame title={texts.keepTitle}>
      {keep.isSuccess ? (
        <div role="status" className="grid gap-4">
          <p>{texts.kept}</p>
          <Link to="/sign-in" className={buttonClass("primary")}>
            {texts.signIn}
          </Link>
        </div>
      ) : (
        <>
          <p className="text-muted">{texts.keepText}</p>
          {keep.error !== null && <ProblemView error={linkProblem(keep.error)} />}
          <Button look="primary" busy={keep.isPending} onClick={() => keep.mutate()}>
            {texts.keepAccount}
          </Button>
        </>
      )}
    </AuthFrame>
  );
}
