import { useQuery } from "@tanstack/react-query";
import { siteQuery } from "../../api/queries.ts";
import { goTo, Link, pageAddress } from "../../router/router.tsx";
import { AuthFrame } from "./auth-frame.tsx";
import { nextSearch } from "./search.ts";
import { SignUpForm } from "./sign-up-form.tsx";
import { texts } from "./texts.ts";

const route = pageAddress("/sign-up", nextSearch);

/** Makes an account and signs it in, where the operator allows it. */
export function SignUpPage() {
  const { next } = route.useSearch();
  const site = useQuery(siteQuery).data;
  return (
    <AuthFrame title={texts.signUp}>
      {site !== undefined && site.registration !== "open" ? (
        <p className="text-muted">{texts.closed[site.registration]}</p>
      ) : (
        <SignUpForm onDone={() => goTo(`#${next ?? "/workbench"}`, { replace: true })} />
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
