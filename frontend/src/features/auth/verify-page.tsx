import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { ask } from "../../api/client.ts";
import { Link, pageAddress } from "../../router/router.tsx";
import { buttonClass } from "../../ui/button.tsx";
import { Progress } from "../../ui/feedback.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { AuthFrame } from "./auth-frame.tsx";
import { linkProblem } from "./cut-link.ts";
import { texts } from "./texts.ts";

const route = pageAddress("/verify/$token", () => ({}));

/** Where the link that confirms an e-mail address lands, in whichever browser. */
export function VerifyPage() {
  const { token } = route.useParams();
  const client = useQueryClient();
  const used = useRef(false);
  const { mutate, error, isSuccess } = useMutation({
    mutationFn: () =>
      ask("nothing", "/auth/prove-address", { method: "POST", body: { token }, anonymous: true }),
    onSuccess: () => client.clear(),
  });
  useEffect(() => {
    // The link works once; React may run effects twice.
    if (used.current) return;
    used.current = true;
    mutate();
  }, [mutate]);
  const onward = (
    <Link to="/settings/security" className={buttonClass("primary", error !== null)}>
      {texts.goOn}
    </Link>
  );
  return (
    <AuthFrame title={texts.verifying}>
      {isSuccess ? (
        <div role="status" className="grid gap-4">
          <p>{texts.verified}</p>
          {onward}
        </div>
      ) : error === null ? (
        <Progress share={null} label={texts.verifying} />
      ) : (
        <ProblemView error={linkProblem(error)} action={onward} />
      )}
    </AuthFrame>
  );
}
