import {
  type LiveCandle,
  liveCandles,
  liveCandlesQuery,
  marketPrices,
} from "@trading/contracts/live-markets";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { NotFound, PlatformError } from "../platform/errors.ts";
import type { MarketStore } from "./market-store.ts";
import { allMarkets, type Watch, type WatchStore } from "./watch-store.ts";

type Needs = Readonly<{ markets: MarketStore; watches: WatchStore }>;

const exchangeParams = z.object({ exchange: z.string().max(40) });

/** Markets as they move, under /api/v1/exchanges: asking keeps them watched, a worker reads them for all who ask. */
export function liveMarketRoutes({ markets, watches }: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    const prices = {
      summary: "Last prices and 24-hour changes of an exchange's markets; ask every 10 s",
      params: exchangeParams,
      response: { 200: marketPrices },
    };
    app.get("/:exchange/prices", { schema: prices }, async ({ params: { exchange } }) => {
      if ((await markets.findExchange(exchange)) === null) throw new NotFound("exchange", exchange);
      const watch = await watches.look({ exchange, symbol: allMarkets });
      return { ...readingOf(watch), items: [...(watch.answer?.prices ?? [])] };
    });

    const candles = {
      summary: "The last 300 one-minute candles of a market as they form; ask every 2 s",
      params: exchangeParams,
      querystring: liveCandlesQuery,
      response: { 200: liveCandles },
    };
    app.get("/:exchange/live", { schema: candles }, async (request) => {
      const { exchange } = request.params;
      const { symbol } = request.query;
      if ((await markets.find(exchange, symbol)) === null) {
        throw new PlatformError("unknown-market", `${exchange} has no market ${symbol}.`);
      }
      const watch = await watches.look({ exchange, symbol });
      const rows = watch.answer?.candles ?? [];
      return { ...readingOf(watch), candles: rows.map((row): LiveCandle => [...row]) };
    });
  };
}

const readingOf = ({ readAt, problem }: Watch) => ({
  at: readAt?.toISOString() ?? null,
  problem,
});
