import backtrader as bt

from peer import CAPITAL, FAST, FEE, SLOW, frame, report


class Crossover(bt.Strategy):
    def __init__(self):
        self.cross = bt.ind.CrossOver(bt.ind.SMA(period=FAST), bt.ind.SMA(period=SLOW))
        self.trips = []

    def next(self):
        if not self.position and self.cross > 0:
            self.buy(size=1)
        elif self.position and self.cross < 0:
            self.close()

    def notify_order(self, order):
        if order.status != order.Completed:
            return
        if order.isbuy():
            self.entry = len(self) - 1
        else:
            self.trips.append((self.entry, len(self) - 1))


data = frame(["open", "high", "low", "close", "volume"])


def play():
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.addstrategy(Crossover)
    cerebro.adddata(bt.feeds.PandasData(dataname=data))
    cerebro.broker.setcash(CAPITAL)
    cerebro.broker.setcommission(commission=FEE)

    def run():
        (strategy,) = cerebro.run()
        return strategy.trips, cerebro.broker.getvalue()

    return run


report(bt.__version__, play)
