import { cx } from "../../../ui/cx.ts";
import { count } from "../../../ui/format.ts";
import { texts } from "../texts.ts";
import { refusals, type Shown } from "./shown.ts";

type ChipProps = Readonly<{
  shown: Shown;
  isSynthetic: boolean;
  /** Whether signals fill where nobody can trade. */
  isOptimistic: boolean;
  onClick: () => void;
}>;

/** How far the result can be trusted, in a few words; a click tells the rest. */
export function TrustChip({ shown, isSynthetic, isOptimistic, onClick }: ChipProps) {
  const doubts = [...(isOptimistic ? [texts.chip.optimistic] : []), ...doubtsOf(shown)];
  const isGood = doubts.length === 0 && !isSynthetic;
  const words = [...(isSynthetic ? [texts.chip.synthetic] : []), ...doubts];
  return (
    <button
      type="button"
      title={[texts.chip.open, ...words].join(" · ")}
      onClick={onClick}
      className="ml-auto inline-flex h-7 items-center gap-2 whitespace-nowrap rounded border border-line px-2 text-sm hover:bg-hover max-sm:ml-0 pointer-coarse:h-9"
    >
      <span
        aria-hidden="true"
        className={cx("size-2 rounded-full", isGood ? "bg-up-fill" : "bg-amber")}
      />
      {words.length > 0 ? words.slice(0, wordsMax).join(", ") : texts.chip.good}
      {words.length > wordsMax && (
        <span className="text-muted">{texts.chip.more(words.length - wordsMax)}</span>
      )}
    </button>
  );
}

const wordsMax = 2;

/** What a reader should know before believing the figures, most important first. */
function doubtsOf(shown: Shown): string[] {
  const { data, ambiguousCandles, liquidations = 0, funding } = shown;
  const doubts: string[] = [];
  const refused = refusals(shown);
  if (liquidations > 0) doubts.push(texts.chip.liquidations(count(liquidations)));
  if (refused > 0) doubts.push(texts.chip.refused(count(refused)));
  if (funding && funding.missing > 0) doubts.push(texts.chip.unfunded(count(funding.missing)));
  if (data.gaps > 0) doubts.push(texts.chip.gaps(count(data.gaps), data.gaps === 1));
  if (data.impossible > 0) {
    doubts.push(texts.chip.badPrints(count(data.impossible), data.impossible === 1));
  }
  if (data.jumps > 0) doubts.push(texts.chip.jumps(count(data.jumps), data.jumps === 1));
  if (ambiguousCandles > 0) doubts.push(texts.chip.ambiguous(count(ambiguousCandles)));
  return doubts;
}
