"""What every Python peer shares: the candles, the clock and the answer, which is one line of JSON."""

import gc
import json
import resource
import sys
import time

import numpy as np

FAST, SLOW, FEE, CAPITAL = 50, 200, 0.001, 1_000_000.0
COLUMNS = ("time", "open", "high", "low", "close", "volume")


def candles():
    """The first rows of the file: float64 columns, one after the other."""
    path, stored, rows = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    columns = np.memmap(path, dtype=np.float64, mode="r", shape=(len(COLUMNS), stored))
    return {name: np.array(columns[i, :rows]) for i, name in enumerate(COLUMNS)}


def frame(names):
    """The same as a pandas frame over its open times, its columns named as the peer wants them."""
    import pandas as pd

    given = candles()
    index = pd.to_datetime(given["time"].astype(np.int64), unit="ms")
    return pd.DataFrame({name: given[name.lower()] for name in names}, index=index)


def mean(close, length):
    """The average of a pandas column of prices, in whole ticks: so that equal averages are equal numbers."""
    return (close * 100).round().rolling(length).mean()


def report(version, play):
    """
    Plays one backtest as often as asked. `play` prepares what is not timed and returns the run, which returns
    (index of entry and exit of every closed trade, final equity).
    """
    runs = []
    for _ in range(int(sys.argv[4])):
        run = play()
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        trades, equity = run()
        runs.append({"cpuS": time.process_time() - cpu, "wallS": time.perf_counter() - wall})
    answer = {
        "version": version,
        "runs": runs,
        "trades": [[int(entry), int(exit)] for entry, exit in trades],
        "finalEquity": float(equity),
        "peakMB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print("\n" + json.dumps(answer))
