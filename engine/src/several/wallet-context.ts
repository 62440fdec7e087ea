import type { Wallet } from "../account.ts";
import type { Context } from "../context.ts";
import type { IndicatorSet } from "../line.ts";
import type { ParameterValues } from "../parameters.ts";

/** The parts of a run over several markets that a strategy reads. */
export type WalletNeeds = Readonly<{
  wallet: Wallet;
  /** Where the run stands: when the candles closed that it decides on, and of which markets. */
  moment: { at: number; closed: readonly Context[] };
  /** Those that have closed a candle, by name. */
  known: ReadonlyMap<string, Context>;
  /** Stands in for a market that has not closed a candle yet, or that the run does not know: its orders are refused. */
  absent: (symbol: string) => Context;
}>;

/**
 * What a strategy of several markets sees and does once every market was closed whose candle ends at this moment. Each market
 * is a context of its own, with candles, indicators, position and orders; the money is shared.
 */
export class WalletContext<Parameters = ParameterValues, Set = IndicatorSet, State = unknown> {
  readonly parameters: Parameters;
  /** What the strategy's `state` made for this run. */
  readonly state: State;
  readonly #needs: WalletNeeds;

  constructor(needs: WalletNeeds, parameters: Parameters, state: State) {
    this.parameters = parameters;
    this.state = state;
    this.#needs = needs;
  }

  /** When the candles closed that are decided on, ms since epoch, UTC. */
  get time(): number {
    return this.#needs.moment.at;
  }

  /** Every market that has closed a candle, by name. */
  get markets(): readonly Context<Parameters, Set>[] {
    return [...this.#needs.known.values()] as unknown as Context<Parameters, Set>[];
  }

  /** Those whose candle closed just now. */
  get closed(): readonly Context<Parameters, Set>[] {
    return this.#needs.moment.closed as unknown as Context<Parameters, Set>[];
  }

  /** The market of this name; orders on one that is not trading, or that the run does not have, are refused. */
  market(symbol: string): Context<Parameters, Set> {
    const found = this.#needs.known.get(symbol) ?? this.#needs.absent(symbol);
    return found as unknown as Context<Parameters, Set>;
  }

  /** Money and all positions at the last closes, in the quote currency. */
  get equity(): number {
    return this.#needs.wallet.equity;
  }

  /** Takes back every order that waits, in every market. */
  cancelAll(): void {
    for (const market of this.#needs.known.values()) market.cancelAll();
  }
}
