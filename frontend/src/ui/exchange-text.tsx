import { simulatedExchange } from "@trading/contracts/simulator";
import { catalogue } from "./catalogue.ts";
import { cx } from "./cx.ts";
import { Mode } from "./mode.tsx";

const words = catalogue("exchange", {
  simulated: "Simulated",
  simulatedHelp: "An exchange on this machine: no real market, no real money.",
});

type Exchange = string | null | undefined;

export const isSimulated = (exchange: Exchange): boolean => exchange === simulatedExchange;

/** How an exchange is called in lists and sentences. */
export const exchangeName = (exchange: string | null): string | null =>
  isSimulated(exchange) ? words.simulated : exchange;

/** Stands in the top bar where a page shows the simulated exchange. */
export const SimulatedMode = () => (
  <Mode title={words.simulatedHelp} className="bg-violet/15 text-violet">
    {words.simulated}
  </Mode>
);

/** An exchange in a line of text; the simulated one in its colour, never to be taken for a real one. */
export function ExchangeText({ exchange, className }: { exchange: Exchange; className?: string }) {
  if (!isSimulated(exchange)) return <span className={className}>{exchange}</span>;
  return (
    <span className={cx(className, "text-violet")} title={words.simulatedHelp}>
      {words.simulated}
    </span>
  );
}
