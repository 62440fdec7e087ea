"""The same program over an older release: its requirements are those of its day."""

import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).parent.parent / "freqtrade" / "run.py"))
