import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ask } from "../../api/client.ts";
import type { Shapes } from "../../api/shapes.ts";
import { Link } from "../../router/router.tsx";
import { Button } from "../../ui/button.tsx";
import { bar } from "./bar.ts";
import { texts } from "./texts.ts";

/** Texts in a newer version than the one agreed to: read, then agree. */
export function AgreementBar({ open }: { open: Shapes["ownLegalList"]["items"] }) {
  const client = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: async () => {
      for (const { kind, version } of open)
        await ask("nothing", "/users/me/legal", { method: "POST", body: { kind, version } });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["announcement"] }),
  });
  return (
    <div role="status" className={bar}>
      <span className="min-w-0 flex-1">
        {texts.agree}{" "}
        {open.map(({ kind }) => (
          <Link
            key={kind}
            to="/legal/$kind"
            params={{ kind }}
            className="mr-2 text-accent underline pointer-coarse:py-3"
          >
            {texts.kinds[kind]}
          </Link>
        ))}
      </span>
      <Button small look="primary" busy={isPending} onClick={() => mutate()}>
        {texts.doAgree}
      </Button>
    </div>
  );
}
