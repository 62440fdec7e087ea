import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "../../ui/cx.ts";
import { Section } from "../../ui/page.tsx";
import { texts } from "./texts.ts";

const { restrictions: r } = texts;
const ticks = [
  { ...r.reading, look: "yes" },
  { ...r.spot, look: "maybe" },
  { ...r.futures, look: "maybe" },
  { ...r.withdrawals, look: "no" },
] as const;

/** How a key is made that is of use here and to no thief, with a picture of what to tick. */
export const HowTo = ({ addresses }: { addresses: readonly string[] }) => (
  <Section title={texts.howTo} className="pb-4">
    <ol className="grid max-w-160 gap-3 px-4 max-sm:px-3">
      <Step number={1}>{texts.steps.open}</Step>
      <Step number={2}>
        {texts.steps.tick}
        <figure className="mt-2 grid gap-2 rounded border border-line bg-panel p-3">
          <figcaption className="text-sm text-muted">{texts.picture}</figcaption>
          <ul className="grid gap-1.5">
            {ticks.map(({ label, note, look }) => (
              <li key={label} className="flex items-baseline gap-2">
                <Tick look={look} />
                <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
                  <span className={cx(look === "no" && "text-muted line-through")}>{label}</span>
                  <span className={cx("text-sm", look === "no" ? "text-down" : "text-muted")}>
                    {note}
                  </span>
                </span>
              </li>
            ))}
          </ul>
          <p className="flex items-baseline gap-2 border-t border-line pt-2">
            <span
              aria-hidden="true"
              className="size-3.5 shrink-0 translate-y-0.5 rounded-full border-4 border-accent-fill"
            />
            <span className="min-w-0">
              {texts.ipTitle}:{" "}
              {addresses.length === 0 ? (
                <span className="text-muted">{texts.ipUnknown}</span>
              ) : (
                <code className="font-mono text-sm break-all select-all">
                  {addresses.join(" ")}
                </code>
              )}
            </span>
          </p>
        </figure>
      </Step>
      <Step number={3}>{texts.steps.copy}</Step>
    </ol>
    <p className="px-4 pt-3 text-sm text-muted max-sm:px-3">{texts.steps.after}</p>
  </Section>
);

const Step = ({ number, children }: { number: number; children: ReactNode }) => (
  <li className="grid grid-cols-[20px_1fr] gap-x-2">
    <span className="text-muted" aria-hidden="true">
      {number}.
    </span>
    <div className="min-w-0">{children}</div>
  </li>
);

const Tick = ({ look }: { look: "yes" | "maybe" | "no" }) => (
  <span
    aria-hidden="true"
    className={cx(
      "grid size-3.5 shrink-0 translate-y-0.5 place-items-center rounded-[3px] border",
      look === "yes" && "border-accent-fill bg-accent-fill text-white",
      look === "maybe" && "border-muted",
      look === "no" && "border-down-fill",
    )}
  >
    {look === "yes" && <Check size={11} strokeWidth={3} />}
  </span>
);
