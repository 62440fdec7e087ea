"""Runs signals over a linear perpetual and prints every trade, as one line of JSON."""

import json
import logging
import sys
import tempfile
from pathlib import Path

import freqtrade
import numpy as np
import pandas as pd
from freqtrade.enums import CandleType, MarginMode, RunMode, TradingMode
from freqtrade.exchange.binance import Binance
from freqtrade.optimize.backtesting import Backtesting
from freqtrade.persistence import LocalTrade

logging.disable(logging.CRITICAL)
asked = json.loads(Path(sys.argv[1]).read_text())
pair = "BTC/USDT:USDT"
folder = tempfile.TemporaryDirectory()
config = {
    "runmode": RunMode.BACKTEST,
    "dry_run": True,
    "dry_run_wallet": asked["capital"],
    "stake_currency": "USDT",
    "stake_amount": 100,
    "tradable_balance_ratio": 1.0,
    "max_open_trades": 1,
    "fee": asked["fee"],
    "leverage": asked["leverage"],
    "liquidation_buffer": 0.0,
    "timeframe": "1h",
    "strategy": "Signals",
    "strategy_path": str(Path(__file__).parent),
    "user_data_dir": Path(folder.name),
    "datadir": Path(folder.name),
    "dataformat_ohlcv": "feather",
    "dataformat_trades": "feather",
    "candle_type_def": CandleType.FUTURES,
    "trading_mode": TradingMode.FUTURES,
    "margin_mode": MarginMode.ISOLATED,
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
    "settle": "USDT",
    "baseId": "BTC",
    "quoteId": "USDT",
    "settleId": "USDT",
    "type": "swap",
    "spot": False,
    "margin": False,
    "swap": True,
    "future": False,
    "option": False,
    "contract": True,
    "linear": True,
    "inverse": False,
    "contractSize": 1.0,
    "active": True,
    "precision": {"amount": 1e-9, "price": 1e-9},
    "limits": {key: {"min": None, "max": None} for key in ("amount", "price", "cost", "leverage")},
    "info": {},
}


def offline_exchange():
    """Its Binance, with this one market and one margin tier instead of those it would ask for."""
    exchange = Binance(config, validate=False)
    for api in (exchange._api, exchange._api_async):
        api.set_markets([market])
    exchange._markets = exchange._api.markets
    exchange.reload_markets = lambda *_, **__: None
    exchange._leverage_tiers = {
        pair: [
            {
                "minNotional": 0,
                "maxNotional": 1e15,
                "maintenanceMarginRate": asked["maintenanceRate"],
                "maxLeverage": 50,
                "maintAmt": 0.0,
            }
        ]
    }
    return exchange


def instants(ms):
    return pd.to_datetime(np.array(ms, dtype=np.int64), unit="ms", utc=True)


def milliseconds(at):
    return int(pd.Timestamp(at).value // 1_000_000)


frame = pd.DataFrame(
    {name: asked[name] for name in ("open", "high", "low", "close", "volume", "signal")}
)
frame.insert(0, "date", instants(asked["time"]))
funding = asked["funding"]
dates = instants([at for at, _, _ in funding])
rates = pd.DataFrame({"date": dates, "open": [rate for _, rate, _ in funding]})
marks = pd.DataFrame({"date": dates, "open": [mark for _, _, mark in funding]})

exchange = offline_exchange()
backtesting = Backtesting(config, exchange)
backtesting._set_strategy(backtesting.strategylist[0])
backtesting.funding_fee_timeframe_secs = 8 * 3_600
backtesting.futures_data = {pair: exchange.combine_funding_and_mark(rates, marks)}
processed = backtesting.strategy.advise_all_indicators({pair: frame})
answer = backtesting.backtest(
    processed=processed,
    start_date=frame["date"].iloc[0].to_pydatetime(),
    end_date=frame["date"].iloc[-1].to_pydatetime(),
)
trades = [
    {
        "side": "short" if trade.is_short else "long",
        "quantity": trade.amount,
        "entryAt": milliseconds(trade.open_date_utc),
        "exitAt": milliseconds(trade.close_date_utc),
        "entryPrice": trade.open_rate,
        "exitPrice": trade.close_rate,
        "fees": trade.fee_open * trade.open_rate * trade.amount
        + trade.fee_close * trade.close_rate * trade.amount,
        "funding": trade.funding_fees or 0.0,
        "pnl": trade.close_profit_abs,
        "liquidationPrice": trade.liquidation_price,
        "isLiquidated": trade.exit_reason == "liquidation",
    }
    for trade in LocalTrade.bt_trades
]
print(
    "\n"
    + json.dumps(
        {
            "version": freqtrade.__version__,
            "trades": trades,
            "finalEquity": float(answer["final_balance"]),
        }
    )
)
