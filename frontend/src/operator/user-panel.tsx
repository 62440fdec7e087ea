import type { PersonDetail } from "@trading/contracts/admin";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { countryName } from "../ui/country.tsx";
import { Skeleton } from "../ui/feedback.tsx";
import { Field, Select } from "../ui/field.tsx";
import { bytes, count } from "../ui/format.ts";
import { ProblemView } from "../ui/problem-view.tsx";
import { SidePanel } from "../ui/side-panel.tsx";
import { TimeText } from "../ui/time.tsx";
import { FactList } from "./fact-list.tsx";
import { openLook } from "./open-look.ts";
import { type Deed, ReasonDialog, useDeed } from "./reason-dialog.tsx";
import { StateChip } from "./state-chip.tsx";
import { texts } from "./texts.ts";
import { useAdmin, useMayOperate } from "./use-operator.ts";

const t = texts.user;

/** One account: what is known of it, and what an operator can do. */
export function UserPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const { data: person, error } = useAdmin("personDetail", `/users/${id}`);
  const [begin, dialog] = useDeed();
  const mayOperate = useMayOperate();
  const [isChanging, setChanging] = useState(false);
  return (
    <SidePanel
      label={t.label}
      title={<h2 className="truncate font-semibold">{person?.name ?? "…"}</h2>}
      onClose={onClose}
      footer={
        person !== undefined &&
        mayOperate && (
          <>
            <Button small onClick={() => setChanging(true)}>
              {t.changeRole}
            </Button>
            {deedsOf(person).map((deed) => (
              <Button
                key={deed.action}
                small
                look={deed.isDangerous === true ? "danger" : "plain"}
                onClick={() => begin(deed)}
              >
                {deed.action}
              </Button>
            ))}
          </>
        )
      }
    >
      {error !== null && <ProblemView error={error} className="m-4" />}
      {person === undefined ? <Skeleton className="m-4 h-40" /> : <Facts person={person} />}
      {dialog}
      {isChanging && person !== undefined && (
        <RoleDialog person={person} onClose={() => setChanging(false)} />
      )}
    </SidePanel>
  );
}

function deedsOf(person: PersonDetail): Deed[] {
  const { id, name, isSuspended, emailProven, role, openSessions, eraseAt, country } = person;
  const path = `/admin/users/${id}`;
  const look: Deed = {
    ...{ title: t.look, about: t.lookAbout(name), action: t.look, done: t.looking },
    ...{ method: "POST", path: `${path}/impersonation`, onDone: openLook },
  };
  const verify: Deed = {
    ...{ title: t.verify, about: t.verifyAbout(name), action: t.verify, done: t.verified },
    ...{ method: "POST", path: `${path}/verification` },
  };
  const signOut: Deed = {
    ...{ title: t.signOut, about: t.signOutAbout(name), action: t.signOut, done: t.signedOut },
    ...{ method: "POST", path: `${path}/sign-out` },
  };
  const askCountry: Deed = {
    ...{ title: t.askCountry, about: t.askCountryAbout(name), action: t.askCountry },
    ...{ done: t.countryAsked, method: "POST", path: `${path}/country-question` },
  };
  const removeFactors: Deed = {
    ...{ title: t.removeFactors, about: t.removeFactorsAbout(name), action: t.removeFactors },
    ...{ done: t.factorsRemoved, method: "POST", path: `${path}/factor-removal` },
    isDangerous: true,
  };
  const words = isSuspended ? t.unsuspend : t.suspend;
  const suspend: Deed = {
    ...{ title: words, about: isSuspended ? t.unsuspendAbout(name) : t.suspendAbout(name) },
    ...{ action: words, done: isSuspended ? t.unsuspended : t.suspended },
    ...{ method: "PUT", path: `${path}/suspension`, body: { isSuspended: !isSuspended } },
    isDangerous: !isSuspended,
  };
  return [
    ...(role === "user" && !isSuspended && eraseAt === null ? [look] : []),
    ...(emailProven ? [] : [verify]),
    ...(openSessions.length > 0 ? [signOut] : []),
    ...(country === null ? [] : [askCountry]),
    ...(person.hasSecondFactor ? [removeFactors] : []),
    suspend,
  ];
}

function Facts({ person }: { person: PersonDetail }) {
  const facts = [
    [texts.users.email, person.email],
    [texts.users.role, texts.roles[person.role]],
    [texts.users.state, <StateChip key="state" person={person} />],
    person.eraseAt === null
      ? null
      : ([t.erased, <TimeText key="erased" at={person.eraseAt} />] as const),
    [texts.users.factor, person.hasSecondFactor ? texts.users.yes : texts.users.no],
    [t.country, <Country key="country" person={person} />],
    [texts.users.backtests, count(person.backtests)],
    [t.uploads, bytes(person.uploadBytes)],
    [texts.users.createdAt, <TimeText key="at" at={person.createdAt} />],
    [
      "Id",
      <code key="id" className="font-mono text-xs break-all">
        {person.id}
      </code>,
    ],
  ] as const;
  return (
    <>
      <FactList facts={facts} />
      <h3 className="px-4 pt-2 pb-1 text-sm font-semibold">{t.sessions}</h3>
      {person.openSessions.length === 0 && <p className="px-4 text-muted">{t.noSession}</p>}
      <ul className="pb-3">
        {person.openSessions.map((one) => (
          <li key={one.id} className="px-4 py-1">
            {one.device} <span className="text-muted">· {one.address}</span>
            <br />
            <span className="text-sm text-muted">
              {t.used} <TimeText at={one.usedAt} />
            </span>
          </li>
        ))}
      </ul>
      {person.acceptances.length > 0 && (
        <>
          <h3 className="px-4 pt-2 pb-1 text-sm font-semibold">{t.agreed}</h3>
          <ul className="pb-3">
            {person.acceptances.map((one) => (
              <li key={`${one.kind}${one.version}`} className="px-4 py-0.5">
                {t.agreedTo(one.kind, one.version)} <TimeText at={one.at} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

const Country = ({ person: { country, countrySaidAt } }: { person: PersonDetail }) =>
  country === null || countrySaidAt === null ? (
    <span className="text-muted">{t.notSaid}</span>
  ) : (
    <>
      {countryName(country)}{" "}
      <span className="text-muted">
        {t.countrySaid} <TimeText at={countrySaidAt} />
      </span>
    </>
  );

function RoleDialog({ person, onClose }: { person: PersonDetail; onClose: () => void }) {
  const [role, setRole] = useState(person.role);
  const fields = (
    <Field label={texts.users.role} help={t.roleHelp[role]}>
      {(ids) => (
        <Select
          {...ids}
          value={role}
          onChange={setRole}
          options={[
            { value: "user", label: texts.roles.user },
            { value: "support", label: texts.roles.support },
            { value: "admin", label: texts.roles.admin },
          ]}
        />
      )}
    </Field>
  );
  const deed: Deed = {
    ...{ title: t.changeRole, about: t.roleAbout(person.name), action: t.changeRole },
    ...{ done: t.roleChanged, method: "PUT", path: `/admin/users/${person.id}/role` },
    ...{ body: { role }, fields },
  };
  return <ReasonDialog deed={deed} onClose={onClose} />;
}
