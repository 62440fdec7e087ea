from freqtrade.strategy import IStrategy

LONG, SHORT, FLAT = 1, -1, 2


class Signals(IStrategy):
    """Does what a column of signals says, with the leverage of its configuration."""

    INTERFACE_VERSION = 3
    timeframe = "1h"
    can_short = True
    minimal_roi = {}
    stoploss = -0.99

    def __init__(self, config):
        super().__init__(config)
        # It counts with leverage: so far away, the liquidation always comes first.
        self.stoploss = -0.99 * float(config["leverage"])

    def populate_indicators(self, frame, metadata):
        return frame

    def populate_entry_trend(self, frame, metadata):
        frame.loc[frame["signal"] == LONG, "enter_long"] = 1
        frame.loc[frame["signal"] == SHORT, "enter_short"] = 1
        return frame

    def populate_exit_trend(self, frame, metadata):
        frame.loc[frame["signal"].isin([SHORT, FLAT]), "exit_long"] = 1
        frame.loc[frame["signal"].isin([LONG, FLAT]), "exit_short"] = 1
        return frame

    def leverage(self, **_):
        return float(self.config["leverage"])

    def custom_stake_amount(self, current_rate, **_):
        """The margin of one unit."""
        return current_rate / float(self.config["leverage"])
