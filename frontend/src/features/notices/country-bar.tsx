import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Residence } from "@trading/contracts/countries";
import { useState } from "react";
import { ask } from "../../api/client.ts";
import { meQuery, siteQuery } from "../../api/queries.ts";
import { Button } from "../../ui/button.tsx";
import { countries } from "../../ui/country.tsx";
import { cx } from "../../ui/cx.ts";
import { Select } from "../../ui/field.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { bar } from "./bar.ts";
import { texts } from "./texts.ts";

/** Where somebody lives, when the operator wants to know; and what follows where the site is not offered there. */
export function CountryBar({ state }: { state: Exclude<Residence["state"], "open"> }) {
  const client = useQueryClient();
  const [country, setCountry] = useState("");
  const say = useMutation({
    mutationFn: () => ask("me", "/users/me/country", { method: "PUT", body: { country } }),
    onSuccess: (me) => client.setQueryData(meQuery.queryKey, me),
  });
  if (state === "blocked") return <Blocked />;
  return (
    <form
      className={bar}
      onSubmit={(event) => {
        event.preventDefault();
        say.mutate();
      }}
    >
      <span className="min-w-0 flex-1 basis-60">{texts.countryAsked}</span>
      <Select
        aria-label={texts.country}
        className="h-7! w-56! pointer-coarse:h-11!"
        value={country}
        options={[{ value: "", label: texts.chooseCountry }, ...countries]}
        onChange={setCountry}
      />
      <Button small type="submit" look="primary" disabled={country === ""} busy={say.isPending}>
        {texts.sayCountry}
      </Button>
      {say.error !== null && <ProblemView error={say.error} className="w-full" />}
    </form>
  );
}

/** What follows, and whom to ask where it was said by mistake. */
function Blocked() {
  const { supportAddress = null } = useQuery(siteQuery).data ?? {};
  return (
    <p role="status" className={cx(bar, "text-amber")}>
      <span className="min-w-0 flex-1 basis-60">
        {texts.countryBlocked} {texts.countryWrong}
      </span>
      {supportAddress !== null && (
        <a href={`mailto:${supportAddress}`} className="text-accent underline pointer-coarse:py-3">
          {supportAddress}
        </a>
      )}
    </p>
  );
}
