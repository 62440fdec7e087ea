"""Writes ta-lib.json: seeded candles and what TA-Lib says of them. See README.md."""

import json
import numpy as np
import talib

rows = 260
state = 20261122


def below(limit):
    global state
    state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
    return int(state / 4294967296 * limit)


columns = {name: [] for name in ("open", "high", "low", "close", "volume")}
close = 10_000
for _ in range(rows):
    open_ = close + below(11) - 5
    close = open_ + below(81) - 40
    columns["open"].append(open_ / 100)
    columns["high"].append((max(open_, close) + below(30)) / 100)
    columns["low"].append((min(open_, close) - below(30)) / 100)
    columns["close"].append(close / 100)
    columns["volume"].append((1 + below(100_000)) / 1_000)

o, h, l, c, v = (np.array(columns[name]) for name in ("open", "high", "low", "close", "volume"))
stochastic_k = talib.STOCH(h, l, c, 14, 3, 0, 1, 0)[0]
stochastic_d = talib.STOCH(h, l, c, 14, 3, 0, 3, 0)[1]
aroon_down, aroon_up = talib.AROON(h, l, 14)
bands = talib.BBANDS(c, 20, 2.1, 2.1, 0)
lines = {
    "sma(20)": talib.SMA(c, 20),
    "ema(21)": talib.EMA(c, 21),
    "wma(15)": talib.WMA(c, 15),
    "dema(10)": talib.DEMA(c, 10),
    "tema(10)": talib.TEMA(c, 10),
    "trima(9)": talib.TRIMA(c, 9),
    "trima(10)": talib.TRIMA(c, 10),
    "kama(10)": talib.KAMA(c, 10),
    "rsi(14)": talib.RSI(c, 14),
    "cmo(14)": talib.CMO(c, 14),
    "atr(14)": talib.ATR(h, l, c, 14),
    "natr(14)": talib.NATR(h, l, c, 14),
    "trueRange()": talib.TRANGE(h, l, c),
    "standardDeviation(15)": talib.STDDEV(c, 15),
    "bollinger(20, 2.1).upper": bands[0],
    "bollinger(20, 2.1).lower": bands[2],
    "highest(11)": talib.MAX(h, 11),
    "lowest(11)": talib.MIN(l, 11),
    "stochastic().k": stochastic_k,
    "stochastic().d": stochastic_d,
    "williamsR(14)": talib.WILLR(h, l, c, 14),
    "cci(20)": talib.CCI(h, l, c, 20),
    "momentum(10)": talib.MOM(c, 10),
    "rateOfChange(10)": talib.ROC(c, 10),
    "ultimateOscillator()": talib.ULTOSC(h, l, c),
    "ppo().line": talib.PPO(c, 12, 26, 1),
    "trix(6)": talib.TRIX(c, 6),
    "mfi(14)": talib.MFI(h, l, c, v, 14),
    "directionalMovement(14).plus": talib.PLUS_DI(h, l, c, 14),
    "directionalMovement(14).minus": talib.MINUS_DI(h, l, c, 14),
    "directionalMovement(14).adx": talib.ADX(h, l, c, 14),
    "aroon(14).up": aroon_up,
    "aroon(14).down": aroon_down,
    "aroon(14).oscillator": talib.AROONOSC(h, l, 14),
    "parabolicSar()": talib.SAR(h, l),
    "linearRegression(14).value": talib.LINEARREG(c, 14),
    "linearRegression(14).slope": talib.LINEARREG_SLOPE(c, 14),
    "obv()": talib.OBV(c, v),
    "accumulationDistribution()": talib.AD(h, l, c, v),
    "typicalPrice()": talib.TYPPRICE(h, l, c),
    "medianPrice()": talib.MEDPRICE(h, l),
    "weightedClose()": talib.WCLPRICE(h, l, c),
}

reference = {
    "talib": talib.__ta_version__.decode(),
    "candles": columns,
    "lines": {
        name: {
            "firstAt": int(np.argmax(~np.isnan(values))),
            "values": [float(f"{value:.13g}") for value in values[~np.isnan(values)]],
        }
        for name, values in lines.items()
    },
}
with open("ta-lib.json", "w", encoding="utf8") as file:
    json.dump(reference, file, separators=(",", ":"))
    file.write("\n")
