import { useQuery } from "@tanstack/react-query";
import type { LegalKind } from "@trading/contracts/notices";
import { useState } from "react";
import { legalQuery } from "../api/account-queries.ts";
import { ask } from "../api/client.ts";
import { announcementsQuery } from "../api/queries.ts";
import { useConfirmed } from "../features/security/use-confirmed.tsx";
import { Button } from "../ui/button.tsx";
import { Chip } from "../ui/feedback.tsx";
import { Field, inputClass, Select } from "../ui/field.tsx";
import { Page, Section } from "../ui/page.tsx";
import { ProblemView } from "../ui/problem-view.tsx";
import { TimeText } from "../ui/time.tsx";
import { toast } from "../ui/toast.tsx";
import { OperatorsOnly } from "./operators-only.tsx";
import { useDeed } from "./reason-dialog.tsx";
import { texts } from "./texts.ts";
import { useMayOperate } from "./use-operator.ts";

const t = texts.notices;
const kinds = Object.keys(t.kinds) as LegalKind[];

/** What everybody is told, and what everybody agrees to. */
export const NoticesPage = () => (
  <Page title={texts.pages.notices}>
    <Announcements />
    <Legal />
  </Page>
);

function Announcements() {
  const { data, refetch } = useQuery(announcementsQuery);
  const [text, setText] = useState("");
  const [tone, setTone] = useState<"info" | "warning">("info");
  const [begin, dialog] = useDeed();
  const end = useConfirmed({
    act: (id: string) => ask("nothing", `/admin/announcements/${id}`, { method: "DELETE" }),
    onDone: () => {
      toast(t.ended);
      void refetch();
    },
  });
  const announce = () =>
    begin({
      ...{ title: t.announce, about: text, action: t.announce, done: t.announced },
      ...{ method: "POST", path: "/admin/announcements", body: { text, tone, endsAt: null } },
      onDone: () => setText(""),
    });
  return (
    <Section title={t.announcements} className="pb-4">
      {data?.items.length === 0 && <p className="px-4 pb-2 text-muted max-sm:px-3">{t.none}</p>}
      <ul className="max-w-180 pb-2">
        {data?.items.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center gap-3 px-4 py-1 max-sm:px-3">
            <Chip tone={one.tone === "warning" ? "attention" : "accent"}>{t.tones[one.tone]}</Chip>
            <span className="min-w-0 flex-1 break-words">{one.text}</span>
            <TimeText at={one.createdAt} />
            <OperatorsOnly>
              <Button small busy={end.isPending} onClick={() => end.run(one.id)}>
                {t.end}
              </Button>
            </OperatorsOnly>
          </li>
        ))}
      </ul>
      {end.error !== null && <ProblemView error={end.error} className="m-4" />}
      <OperatorsOnly>
        <form
          className="grid max-w-180 gap-3 px-4 max-sm:px-3 sm:grid-cols-[1fr_130px_auto] sm:items-end"
          onSubmit={(event) => {
            event.preventDefault();
            announce();
          }}
        >
          <Field label={t.text}>
            {(ids) => (
              <input
                {...ids}
                className={inputClass}
                value={text}
                required
                minLength={3}
                maxLength={300}
                onChange={(event) => setText(event.target.value)}
              />
            )}
          </Field>
          <Field label={t.tone}>
            {(ids) => (
              <Select
                {...ids}
                value={tone}
                onChange={setTone}
                options={[
                  { value: "info", label: t.tones.info },
                  { value: "warning", label: t.tones.warning },
                ]}
              />
            )}
          </Field>
          <Button type="submit" look="primary">
            {t.announce}
          </Button>
        </form>
      </OperatorsOnly>
      {dialog}
      {end.dialog}
    </Section>
  );
}

function Legal() {
  const { data } = useQuery(legalQuery);
  return (
    <Section title={t.legal} className="pb-4">
      <p className="max-w-180 px-4 pb-3 text-muted max-sm:px-3">{t.legalHelp}</p>
      {data !== undefined &&
        kinds.map((kind) => {
          const found = data.items.find((one) => one.kind === kind);
          const version = found?.version ?? 0;
          return (
            <LegalForm key={`${kind}${version}`} {...{ kind, version, text: found?.text ?? "" }} />
          );
        })}
    </Section>
  );
}

type LegalProps = Readonly<{ kind: LegalKind; version: number; text: string }>;

function LegalForm({ kind, version, text }: LegalProps) {
  const mayOperate = useMayOperate();
  const [draft, setDraft] = useState(text);
  const [begin, dialog] = useDeed();
  const publish = () =>
    begin({
      ...{ title: t.publish, about: t.publishAbout(t.kinds[kind]), action: t.publish },
      ...{ done: t.published, method: "POST", path: `/admin/legal/${kind}`, body: { text: draft } },
    });
  return (
    <>
      <form
        className="grid max-w-180 gap-2 px-4 pb-4 max-sm:px-3"
        onSubmit={(event) => {
          event.preventDefault();
          publish();
        }}
      >
        <Field label={t.kinds[kind]} help={version === 0 ? t.unpublished : t.version(version)}>
          {(ids) => (
            <textarea
              {...ids}
              rows={5}
              readOnly={!mayOperate}
              className={`${inputClass} h-auto! py-1.5`}
              value={draft}
              required
              minLength={20}
              maxLength={200_000}
              onChange={(event) => setDraft(event.target.value)}
            />
          )}
        </Field>
        <OperatorsOnly>
          <Button type="submit" disabled={draft === text} className="justify-self-start">
            {t.publish}
          </Button>
        </OperatorsOnly>
      </form>
      {dialog}
    </>
  );
}
