import vectorbt as vbt

from peer import CAPITAL, FAST, FEE, SLOW, frame, report

data = frame(["open", "close"])


def play():
    def run():
        # Whole ticks: equal averages are equal numbers.
        ticks = (data.close * 100).round()
        fast, slow = vbt.MA.run(ticks, FAST), vbt.MA.run(ticks, SLOW)
        up = fast.ma_crossed_above(slow).vbt.signals.fshift(1)
        down = fast.ma_crossed_below(slow).vbt.signals.fshift(1)
        portfolio = vbt.Portfolio.from_signals(
            data.close, up, down, price=data.open, size=1, fees=FEE, init_cash=CAPITAL
        )
        closed = portfolio.trades.closed.records
        return list(zip(closed.entry_idx, closed.exit_idx)), portfolio.value().iloc[-1]

    return run


report(vbt.__version__, play)
