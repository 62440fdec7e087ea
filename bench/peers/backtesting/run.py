import backtesting
from backtesting import Backtest, Strategy

from peer import CAPITAL, FAST, FEE, SLOW, frame, mean, report


class Crossover(Strategy):
    def init(self):
        close = self.data.Close.s
        self.fast = self.I(mean, close, FAST)
        self.slow = self.I(mean, close, SLOW)

    def next(self):
        fast, slow = self.fast, self.slow
        if not self.position and fast[-1] > slow[-1] and fast[-2] <= slow[-2]:
            self.buy(size=1)
        elif self.position and fast[-1] < slow[-1] and fast[-2] >= slow[-2]:
            self.position.close()


data = frame(["Open", "High", "Low", "Close", "Volume"])


def play():
    backtest = Backtest(data, Crossover, cash=CAPITAL, commission=FEE)

    def run():
        stats = backtest.run()
        trades = stats["_trades"]
        return list(zip(trades.EntryBar, trades.ExitBar)), stats["Equity Final [$]"]

    return run


report(backtesting.__version__, play)
