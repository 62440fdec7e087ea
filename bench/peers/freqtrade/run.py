import logging
import tempfile
from pathlib import Path

import freqtrade
from freqtrade.enums import CandleType, RunMode, TradingMode
from freqtrade.exchange import Binance
from freqtrade.optimize.backtesting import Backtesting
from freqtrade.resolvers import ExchangeResolver

from peer import CAPITAL, FEE, frame, report

logging.disable(logging.CRITICAL)
pair = "BTC/USDT"
folder = tempfile.TemporaryDirectory()
config = {
    "runmode": RunMode.OTHER,
    "dry_run": True,
    "dry_run_wallet": CAPITAL,
    "stake_currency": "USDT",
    "stake_amount": 100,
    "tradable_balance_ratio": 1.0,
    "max_open_trades": 1,
    "fee": FEE,
    "timeframe": "1m",
    "strategy": "Crossover",
    "strategy_path": str(Path(__file__).parent / "strategy"),
    "user_data_dir": Path(folder.name),
    "datadir": Path(folder.name),
    "dataformat_ohlcv": "json",
    "dataformat_trades": "json",
    "candle_type_def": CandleType.SPOT,
    "trading_mode": TradingMode.SPOT,
    "exchange": {"name": "binance", "pair_whitelist": [pair], "pair_blacklist": []},
    "pairlists": [{"method": "StaticPairList"}],
    "entry_pricing": {"price_side": "same", "use_order_book": False},
    "exit_pricing": {"price_side": "same", "use_order_book": False},
}
market = {
    "id": "BTCUSDT",
    "symbol": pair,
    "base": "BTC",
    "quote": "USDT",
    "baseId": "BTC",
    "quoteId": "USDT",
    "type": "spot",
    "spot": True,
    "margin": False,
    "swap": False,
    "future": False,
    "option": False,
    "contract": False,
    "active": True,
    "precision": {"amount": 0.001, "price": 0.01},
    "limits": {key: {"min": None, "max": None} for key in ("amount", "price", "cost", "leverage")},
    "info": {},
}


def offline_exchange():
    """Its Binance, with this one market instead of those it would ask for."""
    exchange = Binance(config, validate=False)
    for api in (exchange._api, exchange._api_async):
        api.set_markets([market])
    exchange._markets = exchange._api.markets
    exchange.reload_markets = lambda *_, **__: None
    return exchange


data = frame(["open", "high", "low", "close", "volume"])
data.index = data.index.tz_localize("UTC")
data = data.rename_axis("date").reset_index()
exchange = offline_exchange()
ExchangeResolver.load_exchange = lambda *_, **__: exchange


def play():
    backtesting = Backtesting(config)
    backtesting._set_strategy(backtesting.strategylist[0])
    given = {pair: data.copy()}
    first, last = data["date"].iloc[0].to_pydatetime(), data["date"].iloc[-1].to_pydatetime()

    def run():
        processed = backtesting.strategy.advise_all_indicators(given)
        answer = backtesting.backtest(processed=processed, start_date=first, end_date=last)
        trades = answer["results"]
        closed = trades[trades["exit_reason"] != "force_exit"]
        entries, exits = (
            (closed[name] - first) // data["date"].diff().iloc[1]
            for name in ("open_date", "close_date")
        )
        return list(zip(entries, exits)), answer["final_balance"]

    return run


report(freqtrade.__version__, play)
