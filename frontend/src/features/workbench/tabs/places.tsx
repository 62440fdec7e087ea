import { useState } from "react";
import { Button } from "../../../ui/button.tsx";
import { count, instantText } from "../../../ui/format.ts";
import type { Stretch } from "../chart/selected.ts";
import { details } from "./texts.ts";

/** A place among the candles, and what is the matter with it. */
export type Place = Stretch &
  Readonly<{
    key: string;
    text: string;
    /** What else is to be said of it, line by line. */
    lines?: readonly Readonly<{ name: string; text: string }>[];
  }>;

type PlacesProps = Readonly<{
  places: readonly Place[];
  /** How many there are in all; lists of the engine are cut. */
  total: number;
  onStretch: (stretch: Stretch) => void;
}>;

const shortList = 6;

/** Places to look at: each brings its candles into view on the chart. */
export function Places({ places, total, onStretch }: PlacesProps) {
  const [isLong, setLong] = useState(false);
  const [looked, setLooked] = useState<string | null>(null);
  const shown = isLong ? places : places.slice(0, shortList);
  return (
    <>
      <ul>
        {shown.map((place) => (
          <li key={place.key} className="border-b border-line">
            <button
              type="button"
              title={details.trust.showOnChart}
              aria-pressed={place.key === looked}
              onClick={() => {
                setLooked(place.key);
                onStretch(place);
              }}
              className="flex min-h-7 w-full flex-wrap items-center justify-between gap-x-3 px-1 py-0.5 text-left -outline-offset-2 hover:bg-hover aria-pressed:bg-hover pointer-coarse:min-h-11"
            >
              <span className="whitespace-nowrap text-accent">
                {instantText(place.from, "UTC")} UTC
              </span>
              <span className="truncate text-muted">{place.text}</span>
              {place.lines?.map(({ name, text }) => (
                <span key={name} className="grid w-full grid-cols-[9rem_1fr] gap-x-2 text-xs">
                  <span className="text-muted">{name}</span>
                  <span>{text}</span>
                </span>
              ))}
            </button>
          </li>
        ))}
      </ul>
      {!isLong && places.length > shortList && (
        <Button look="quiet" small className="mt-1 -ml-3" onClick={() => setLong(true)}>
          {details.trust.showAll(count(places.length))}
        </Button>
      )}
      {isLong && total > places.length && (
        <p className="mt-1 text-xs text-muted">
          {details.trust.cut(count(places.length), count(total))}
        </p>
      )}
    </>
  );
}
