import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { meQuery, siteQuery } from "../../api/queries.ts";
import { apiUrl, signOut } from "../../api/session.ts";
import { useSettings } from "../../api/settings.ts";
import { Link } from "../../router/router.tsx";
import { Button, buttonClass } from "../../ui/button.tsx";
import { Combobox } from "../../ui/combobox.tsx";
import { countryName } from "../../ui/country.tsx";
import { Key } from "../../ui/feedback.tsx";
import { Field } from "../../ui/field.tsx";
import { instantText, zoneName } from "../../ui/format.ts";
import { Page, Section } from "../../ui/page.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { TimeText } from "../../ui/time.tsx";
import { MoneySection } from "./money-section.tsx";
import { NameForm } from "./name-form.tsx";
import { texts } from "./texts.ts";

/** What a user sets for the screens, and who they are. */
export const SettingsPage = () => (
  <Page title={texts.title}>
    <div className="max-w-180 pb-8">
      <LookSection />
      <TimeSection />
      <MoneySection />
      <AccountSection />
      <SessionSection />
      <KeyboardSection />
    </div>
  </Page>
);

const Row = ({ label, children, help }: { label: string; children: ReactNode; help?: string }) => (
  <div className="grid min-h-9 items-center gap-x-4 gap-y-1 px-4 py-1.5 max-sm:px-3 sm:grid-cols-[160px_1fr]">
    <span className="text-muted">{label}</span>
    <div className="flex flex-wrap items-center gap-3">{children}</div>
    {help !== undefined && <p className="text-xs text-muted sm:col-start-2">{help}</p>}
  </div>
);

function LookSection() {
  const [settings, change] = useSettings();
  return (
    <Section title={texts.look} className="pb-2">
      <Row label={texts.theme}>
        <Segmented
          label={texts.theme}
          value={settings.theme}
          onChange={(theme) => change({ theme })}
          options={[
            { value: "dark", label: texts.themes.dark },
            { value: "light", label: texts.themes.light },
            { value: "system", label: texts.themes.system },
          ]}
        />
      </Row>
      <Row label={texts.colours} help={texts.coloursHelp}>
        <Segmented
          label={texts.colours}
          value={settings.colours}
          onChange={(colours) => change({ colours })}
          options={[
            { value: "teal-red", label: texts.palettes.tealRed },
            { value: "blue-orange", label: texts.palettes.blueOrange },
          ]}
        />
        <span aria-label={texts.sample} role="img" className="flex gap-3">
          <span className="text-up">+2.4 %</span>
          <span className="text-down">−1.8 %</span>
        </span>
      </Row>
    </Section>
  );
}

const zones = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

function TimeSection() {
  const [settings, change] = useSettings();
  const [search, setSearch] = useState("");
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const wanted = search.toLowerCase().replaceAll(" ", "_");
  const found = zones.filter((zone) => zone.toLowerCase().includes(wanted)).slice(0, 60);
  const now = Date.now();
  return (
    <Section title={texts.time} className="pb-3">
      <div className="grid gap-x-4 gap-y-2 px-4 max-sm:px-3 sm:grid-cols-[160px_minmax(0,320px)]">
        <span className="pt-1 text-muted max-sm:hidden" aria-hidden="true">
          {texts.timeZone}
        </span>
        <div className="grid gap-2 sm:[&_label]:sr-only">
          <Field
            label={texts.timeZone}
            help={texts.timeZoneHelp(
              `${instantText(now, settings.timeZone)} ${zoneName(settings.timeZone, now)}`,
            )}
          >
            {(ids) => (
              <Combobox
                {...ids}
                value={settings.timeZone}
                search={search}
                onSearch={setSearch}
                options={found.map((zone) => ({
                  value: zone,
                  label: zone,
                  note: zoneName(zone, now),
                }))}
                note={found.length === 0 ? texts.noZone : undefined}
                onChoose={(option) => change({ timeZone: option.value })}
              />
            )}
          </Field>
          {own !== settings.timeZone && (
            <div>
              <Button small onClick={() => change({ timeZone: own })}>
                {texts.here(own)}
              </Button>
            </div>
          )}
        </div>
      </div>
    </Section>
  );
}

function AccountSection() {
  const me = useQuery(meQuery).data;
  const site = useQuery(siteQuery).data;
  if (me === undefined) return null;
  return (
    <Section title={texts.account} className="pb-2">
      <Row label={texts.name}>
        <NameForm name={me.name} />
      </Row>
      <Row label={texts.email}>{me.email}</Row>
      <Row label={texts.role}>{texts.roles[me.role]}</Row>
      {me.residence.country !== null && (
        <Row label={texts.country} help={texts.countryHelp}>
          {countryName(me.residence.country)}
        </Row>
      )}
      <Row label={texts.since}>
        <TimeText at={me.createdAt} precision="day" />
      </Row>
      <Row label={texts.security} help={texts.securityHelp}>
        <Link to="/settings/security" className={buttonClass("plain", true)}>
          {texts.openSecurity}
        </Link>
      </Row>
      <Row label={texts.exchanges} help={texts.exchangesHelp}>
        <Link to="/settings/exchanges" className={buttonClass("plain", true)}>
          {texts.openExchanges}
        </Link>
      </Row>
      {me.role !== "user" && (
        <Row label={texts.operator} help={texts.operatorHelp}>
          <a href="admin/" className={buttonClass("plain", true)}>
            {texts.openOperator}
          </a>
        </Row>
      )}
      {me.role === "admin" && site?.mail === "caught" && (
        <Row label={texts.mailbox} help={texts.mailboxHelp}>
          <Link to="/settings/mailbox" className={buttonClass("plain", true)}>
            {texts.openMailbox}
          </Link>
        </Row>
      )}
    </Section>
  );
}

function SessionSection() {
  const leave = useMutation({ mutationFn: signOut });
  return (
    <Section title={texts.session} className="pb-3">
      <div className="flex flex-wrap items-center gap-3 px-4 max-sm:px-3">
        <Button busy={leave.isPending} onClick={() => leave.mutate()}>
          {texts.signOut}
        </Button>
        <span className="text-sm text-muted">{texts.signOutHelp}</span>
      </div>
      {leave.error !== null && <ProblemView error={leave.error} className="mx-4 mt-2" />}
    </Section>
  );
}

const shortcuts: readonly (readonly [readonly string[], string])[] = [
  [["Ctrl K", "/"], texts.keys.search],
  [["g", "h w s b d ,"], texts.keys.go],
  [["j", "k"], texts.keys.rows],
  [["Enter"], texts.keys.open],
  [["Esc"], texts.keys.close],
  [["↑", "↓"], texts.keys.step],
];

function KeyboardSection() {
  const site = useQuery(siteQuery).data;
  return (
    <>
      <Section title={texts.keyboard} className="pb-2 max-sm:hidden">
        {shortcuts.map(([keys, meaning]) => (
          <div key={meaning} className="grid min-h-7 grid-cols-[160px_1fr] items-center gap-4 px-4">
            <span className="flex gap-1">
              {keys.map((key) => (
                <Key key={key}>{key}</Key>
              ))}
            </span>
            <span>{meaning}</span>
          </div>
        ))}
      </Section>
      <p className="flex gap-4 px-4 py-3 text-sm text-muted max-sm:px-3">
        {site !== undefined && <span>{texts.about(site.version)}</span>}
        {site?.supportAddress && (
          <a href={`mailto:${site.supportAddress}`} className="text-accent">
            {texts.support}
          </a>
        )}
        <a href={apiUrl("/docs")} target="_blank" rel="noreferrer" className="text-accent">
          {texts.api}
        </a>
      </p>
    </>
  );
}
