import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { siteQuery } from "../api/queries.ts";
import { apiUrl } from "../api/session.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { Section } from "../ui/page.tsx";
import { OperatorsOnly } from "./operators-only.tsx";
import { useDeed } from "./reason-dialog.tsx";
import { texts } from "./texts.ts";

const t = texts.logo;

/** The logo that stands beside the name where people sign in. */
export function LogoSection() {
  // The server remembers the site for a second: what is read right after a change may be what was before.
  const site = useQuery({ ...siteQuery, refetchInterval: 2_000 }).data;
  const version = site?.logoVersion ?? null;
  const [begin, dialog] = useDeed();
  const [problem, setProblem] = useState("");
  const change = (image: string | null) =>
    begin({
      ...{ title: t.title, about: image === null ? t.removeAbout : t.about },
      ...{ action: image === null ? t.remove : t.change, done: t.changed },
      ...{ method: "PUT", path: "/admin/logo", body: { image } },
    });
  const choose = async (file: File | undefined) => {
    setProblem(file === undefined || file.size <= bytesMax ? "" : t.tooLarge);
    if (file !== undefined && file.size <= bytesMax) change(await base64Of(file));
  };
  return (
    <Section title={t.title} className="pb-4">
      <div className="flex flex-wrap items-center gap-3 px-4 max-sm:px-3">
        {version === null ? (
          <span className="text-muted">{t.none}</span>
        ) : (
          <img src={apiUrl(`/site/logo?v=${version}`)} alt={t.title} className="h-8" />
        )}
        <OperatorsOnly>
          <label className={buttonClass("plain", true)}>
            {t.choose}
            <input
              type="file"
              accept="image/png"
              className="sr-only"
              onChange={(event) => {
                void choose(event.target.files?.[0]);
                event.target.value = "";
              }}
            />
          </label>
          {version !== null && (
            <Button small onClick={() => change(null)}>
              {t.remove}
            </Button>
          )}
        </OperatorsOnly>
      </div>
      <p className="px-4 pt-2 text-sm text-muted max-sm:px-3">{t.help}</p>
      {problem !== "" && (
        <p role="alert" className="px-4 pt-2 text-amber max-sm:px-3">
          {problem}
        </p>
      )}
      {dialog}
    </Section>
  );
}

const bytesMax = 65_536;

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
