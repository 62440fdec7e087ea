import type { SiteSettings, SiteSettingsView } from "@trading/contracts/site-settings";
import { useState } from "react";
import { Button, buttonClass } from "../ui/button.tsx";
import { Skeleton } from "../ui/feedback.tsx";
import { CheckField, Field, inputClass, Select, TextField } from "../ui/field.tsx";
import { Page, Section } from "../ui/page.tsx";
import { ProblemView } from "../ui/problem-view.tsx";
import { TimeText } from "../ui/time.tsx";
import { BlockedCountries } from "./blocked-countries.tsx";
import { LogoSection } from "./logo-section.tsx";
import { OperatorsOnly } from "./operators-only.tsx";
import { useDeed } from "./reason-dialog.tsx";
import { changesBetween } from "./setting-changes.ts";
import { texts } from "./texts.ts";
import { useAdmin, useMayOperate } from "./use-operator.ts";

const t = texts.settings;

/** What operators set for the site, with its history. */
export function SettingsPage() {
  const { data, error, refetch } = useAdmin("siteSettingsView", "/settings");
  return (
    <Page title={texts.pages.settings}>
      {error !== null && (
        <ProblemView error={error} onRetry={() => void refetch()} className="m-4" />
      )}
      {data === undefined ? (
        error === null && <Skeleton className="m-4 h-60" />
      ) : (
        <SettingsForm key={data.version} settings={data} />
      )}
      <LogoSection />
      <History />
      <OperatorsOnly>
        <Emergency />
      </OperatorsOnly>
    </Page>
  );
}

function SettingsForm({ settings: { version, values, defaults } }: { settings: SiteSettingsView }) {
  const mayOperate = useMayOperate();
  const [draft, setDraft] = useState(values);
  const [begin, dialog] = useDeed();
  const changed = Object.fromEntries(
    Object.entries(draft).filter(([name, value]) => value !== values[name as keyof SiteSettings]),
  );
  const isChanged = Object.keys(changed).length > 0;
  const set = (change: Partial<SiteSettings>) => setDraft({ ...draft, ...change });
  const save = () =>
    begin({
      ...{ title: t.save, about: t.saveAbout(Object.keys(changed).length), action: t.save },
      ...{ done: t.saved, method: "PATCH", path: "/admin/settings" },
      body: { version, values: changed },
    });
  return (
    <Section title={t.site} className="pb-4">
      <form
        className="px-4 max-sm:px-3"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <fieldset disabled={!mayOperate} className="grid max-w-100 gap-4">
          <TextField
            label={t.siteName}
            help={t.default(defaults.siteName)}
            value={draft.siteName}
            onChange={(siteName) => set({ siteName })}
            required
            maxLength={40}
          />
          <TextField
            label={t.supportAddress}
            help={t.supportHelp}
            type="email"
            value={draft.supportAddress ?? ""}
            onChange={(address) => set({ supportAddress: address === "" ? null : address })}
          />
          <Field label={t.registration} help={t.default(t.registrations[defaults.registration])}>
            {(ids) => (
              <Select
                {...ids}
                value={draft.registration}
                onChange={(registration) => set({ registration })}
                options={[
                  { value: "open", label: t.registrations.open },
                  { value: "invitation", label: t.registrations.invitation },
                  { value: "closed", label: t.registrations.closed },
                ]}
              />
            )}
          </Field>
          <CheckField
            label={t.asksCountry}
            checked={draft.asksCountry || draft.blockedCountries.length > 0}
            onChange={(asksCountry) => set({ asksCountry })}
          />
          <BlockedCountries
            blocked={draft.blockedCountries}
            onChange={(blockedCountries) => set({ blockedCountries })}
          />
          <Field label={t.hypothetical} help={t.hypotheticalHelp}>
            {(ids) => (
              <textarea
                {...ids}
                rows={4}
                className={`${inputClass} h-auto! py-1.5`}
                value={draft.hypotheticalNotice}
                required
                minLength={40}
                maxLength={600}
                onChange={(event) => set({ hypotheticalNotice: event.target.value })}
              />
            )}
          </Field>
          <OperatorsOnly>
            <Button
              type="submit"
              look="primary"
              disabled={!isChanged}
              className="justify-self-start"
            >
              {t.save}
            </Button>
          </OperatorsOnly>
        </fieldset>
      </form>
      {dialog}
    </Section>
  );
}

function History() {
  const { data } = useAdmin("siteSettingsHistory", "/settings/history");
  return (
    <Section title={t.history} className="pb-3">
      {data?.items.length === 0 && <p className="px-4 text-muted max-sm:px-3">{t.noHistory}</p>}
      <ul>
        {data?.items.map((one, at, all) => (
          <li
            key={one.version}
            className="grid gap-x-4 gap-y-0.5 px-4 py-1.5 max-sm:px-3 sm:grid-cols-[120px_1fr]"
          >
            <TimeText at={one.at} />
            <span className="min-w-0 wrap-anywhere">
              {one.actorName}: {one.reason}
              {changesBetween(all[at + 1], one).map((change) => (
                <span key={change} className="block text-muted">
                  {change}
                </span>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Emergency() {
  const [begin, dialog] = useDeed();
  return (
    <Section title={t.emergency} className="pb-4">
      <div className="grid max-w-140 justify-items-start gap-3 px-4 max-sm:px-3">
        <p className="text-muted">{t.everybodyHelp}</p>
        <Button
          look="danger"
          onClick={() =>
            begin({
              ...{ title: t.everybody, about: t.everybodyAbout, action: t.everybody },
              ...{ done: t.everybodyDone, method: "POST", path: "/admin/sign-out-everybody" },
              ...{ isDangerous: true, exchangesSession: true },
            })
          }
        >
          {t.everybody}
        </Button>
        <p className="text-muted">{t.openKeysHelp}</p>
        <a href="#/keys" className={buttonClass()}>
          {t.openKeys}
        </a>
      </div>
      {dialog}
    </Section>
  );
}
