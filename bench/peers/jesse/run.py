from importlib.metadata import version

import jesse.indicators as ta
import numpy as np
from jesse.research import backtest
from jesse.strategies import Strategy

from peer import CAPITAL, FAST, FEE, SLOW, candles, report

exchange, symbol = "Bench", "BTC-USDT"
# It refuses candles of 1970: they are moved by whole days, which changes nothing else.
begin = 1_600_041_600_000


class Crossover(Strategy):
    def averages(self):
        """Of this candle and of the one before."""
        close = self.candles[-SLOW - 1 :, 2]
        return [(ta.sma(part, FAST), ta.sma(part, SLOW)) for part in (close[1:], close[:-1])]

    def should_long(self):
        if self.index < SLOW:
            return False
        (fast, slow), (fast_before, slow_before) = self.averages()
        return fast > slow and fast_before <= slow_before

    def go_long(self):
        self.buy = 1, self.price

    def update_position(self):
        (fast, slow), (fast_before, slow_before) = self.averages()
        if fast < slow and fast_before >= slow_before:
            self.liquidate()

    def should_cancel_entry(self):
        return True


given = candles()
rows = np.column_stack(
    [given["time"] + begin, *(given[name] for name in ("open", "close", "high", "low", "volume"))]
)
config = {
    "starting_balance": CAPITAL,
    "fee": FEE,
    "type": "futures",
    "futures_leverage": 1,
    "futures_leverage_mode": "cross",
    "exchange": exchange,
    "warm_up_candles": 0,
}
routes = [{"exchange": exchange, "strategy": Crossover, "symbol": symbol, "timeframe": "1m"}]
series = {f"{exchange}-{symbol}": {"exchange": exchange, "symbol": symbol, "candles": rows}}


def play():
    def run():
        answer = backtest(config, routes, [], series, fast_mode=True)
        trips = [
            ((trade["opened_at"] - begin) / 60_000, (trade["closed_at"] - begin) / 60_000)
            for trade in answer["trades"]
        ]
        # What is open at the end it closes there.
        closed = [(entry, exit) for entry, exit in trips if exit < len(rows)]
        return closed, answer["metrics"]["finishing_balance"]

    return run


report(version("jesse"), play)
