import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Residence } from "@trading/contracts/countries";
import { useState } from "react";
import { ask } from "../../api/client.ts";
import { announcementsQuery, meQuery, ownLegalQuery, siteQuery } from "../../api/queries.ts";
import { Link } from "../../router/router.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { countries } from "../../ui/country.tsx";
import { cx } from "../../ui/cx.ts";
import { Select } from "../../ui/field.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { texts } from "./texts.ts";

const bar =
  "flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-panel px-3 py-1.5";

/** What the operator of the site tells everybody, above every page; nothing where nothing is told. */
export function NoticeBars() {
  const { data: me } = useQuery(meQuery);
  const isHalted = useQuery(siteQuery).data?.isHalted === true;
  return (
    <>
      {me?.isLookedAt === true && (
        <p role="status" className={cx(bar, "border-l-2 border-l-amber text-amber")}>
          {texts.lookedAt(me.name)}
        </p>
      )}
      {isHalted && (
        <p role="status" className={cx(bar, "text-amber")}>
          {texts.halted}
        </p>
      )}
      <Announcements />
      {me?.isLookedAt === false && <Country state={me.residence.state} />}
      {me?.isLookedAt === false && <Agreement />}
    </>
  );
}

function Announcements() {
  const { data } = useQuery(announcementsQuery);
  const [dismissed, setDismissed] = useState<readonly string[]>([]);
  const shown = data?.items.filter(({ id }) => !dismissed.includes(id)) ?? [];
  return shown.map(({ id, text, tone }) => (
    <div key={id} role="status" className={cx(bar, "flex-nowrap! py-0.5!")}>
      <span className={cx("min-w-0 flex-1 break-words", tone === "warning" && "text-amber")}>
        {text}
      </span>
      <IconButton label={texts.dismiss} onClick={() => setDismissed([...dismissed, id])}>
        ×
      </IconButton>
    </div>
  ));
}

/** Where somebody lives, when the operator wants to know; and what follows where the site is not offered there. */
function Country({ state }: { state: Residence["state"] }) {
  const client = useQueryClient();
  const [country, setCountry] = useState("");
  const say = useMutation({
    mutationFn: () => ask("me", "/users/me/country", { method: "PUT", body: { country } }),
    onSuccess: (me) => client.setQueryData(meQuery.queryKey, me),
  });
  if (state === "open") return null;
  if (state === "blocked") {
    return (
      <p role="status" className={cx(bar, "text-amber")}>
        {texts.countryBlocked}
      </p>
    );
  }
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

/** Texts in a newer version than the one agreed to: read, then agree. */
function Agreement() {
  const client = useQueryClient();
  const open = useQuery(ownLegalQuery).data?.items.filter((one) => one.acceptedAt === null) ?? [];
  const { mutate, isPending } = useMutation({
    mutationFn: async () => {
      for (const { kind, version } of open)
        await ask("nothing", "/users/me/legal", { method: "POST", body: { kind, version } });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["announcement"] }),
  });
  if (open.length === 0) return null;
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
