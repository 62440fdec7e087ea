from decimal import Decimal

import nautilus_trader
import numpy as np
import pandas as pd
from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.config import LoggingConfig, StrategyConfig
from nautilus_trader.indicators import SimpleMovingAverage
from nautilus_trader.model.currencies import BTC, USDT
from nautilus_trader.model.data import BarType
from nautilus_trader.model.enums import AccountType, OmsType, OrderSide
from nautilus_trader.model.identifiers import InstrumentId, Symbol, Venue
from nautilus_trader.model.instruments import CurrencyPair
from nautilus_trader.model.objects import Money, Price, Quantity
from nautilus_trader.persistence.wranglers import BarDataWrangler
from nautilus_trader.trading.strategy import Strategy

from peer import CAPITAL, FAST, FEE, SLOW, frame, report

venue = Venue("SIM")
market = CurrencyPair(
    instrument_id=InstrumentId(Symbol("BTCUSDT"), venue),
    raw_symbol=Symbol("BTCUSDT"),
    base_currency=BTC,
    quote_currency=USDT,
    price_precision=2,
    size_precision=3,
    price_increment=Price.from_str("0.01"),
    size_increment=Quantity.from_str("0.001"),
    maker_fee=Decimal(str(FEE)),
    taker_fee=Decimal(str(FEE)),
    ts_event=0,
    ts_init=0,
)
bar_type = BarType.from_str("BTCUSDT.SIM-1-MINUTE-LAST-EXTERNAL")


class Crossover(Strategy):
    def __init__(self):
        super().__init__(StrategyConfig())
        self.fast, self.slow = SimpleMovingAverage(FAST), SimpleMovingAverage(SLOW)
        self.before = float("nan")
        self.is_long = False
        self.times = []
        self.unit = market.make_qty(1)

    def on_start(self):
        self.register_indicator_for_bars(bar_type, self.fast)
        self.register_indicator_for_bars(bar_type, self.slow)
        self.subscribe_bars(bar_type)

    def on_bar(self, bar):
        if not self.slow.initialized:
            return
        now = self.fast.value - self.slow.value
        if not self.is_long and now > 0 and self.before <= 0:
            self.order(OrderSide.BUY)
        elif self.is_long and now < 0 and self.before >= 0:
            self.order(OrderSide.SELL)
        self.before = now

    def order(self, side):
        self.is_long = not self.is_long
        self.submit_order(self.order_factory.market(market.id, side, self.unit))

    def on_order_filled(self, event):
        self.times.append(event.ts_event)


data = frame(["open", "high", "low", "close", "volume"])
# It fills at most a share of a bar's volume and lets the rest slip; the others do not ask.
data["volume"] = 1_000_000.0
minute = pd.Timedelta(minutes=1)
# A bar's time is its close.
bars = BarDataWrangler(bar_type, market).process(data.set_axis(data.index + minute))


def play():
    engine = BacktestEngine(BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True)))
    engine.add_venue(
        venue,
        oms_type=OmsType.NETTING,
        account_type=AccountType.CASH,
        base_currency=None,
        starting_balances=[Money(CAPITAL, USDT), Money(0, BTC)],
    )
    engine.add_instrument(market)
    engine.add_data(bars)
    strategy = Crossover()
    engine.add_strategy(strategy)

    def run():
        engine.run()
        account = engine.cache.account_for_venue(venue)
        held = float(account.balance_total(BTC)) * data.close.iloc[-1]
        # Filled right after the close of a bar: that is the open of the next one.
        at = np.array(strategy.times) // minute.value
        return list(zip(at[::2], at[1::2])), float(account.balance_total(USDT)) + held

    return run


report(nautilus_trader.__version__, play)
