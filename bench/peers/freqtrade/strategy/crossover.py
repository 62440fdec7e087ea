from freqtrade import __version__
from freqtrade.strategy import IStrategy

from peer import FAST, SLOW, mean


class Crossover(IStrategy):
    INTERFACE_VERSION = 3
    timeframe = "1m"
    can_short = False
    # Older releases ask for a gain to leave at: one that never comes.
    minimal_roi = {} if __version__ > "2023" else {"0": 1_000_000}
    stoploss = -0.99

    def populate_indicators(self, frame, metadata):
        frame["fast"] = mean(frame["close"], FAST)
        frame["slow"] = mean(frame["close"], SLOW)
        return frame

    def populate_entry_trend(self, frame, metadata):
        fast, slow = frame["fast"], frame["slow"]
        frame.loc[(fast > slow) & (fast.shift(1) <= slow.shift(1)), "enter_long"] = 1
        return frame

    def populate_exit_trend(self, frame, metadata):
        fast, slow = frame["fast"], frame["slow"]
        frame.loc[(fast < slow) & (fast.shift(1) >= slow.shift(1)), "exit_long"] = 1
        return frame

    def custom_stake_amount(self, current_rate, **_):
        """One unit."""
        return current_rate
