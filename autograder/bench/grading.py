"""How fast a class is graded: stock nbgrader, nbgrader with the engine, and `mha grade`, on the same submissions."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from ..own_python import own_python
from .classes import UNIT, add_to_config, isolation, make_class, make_runaways, mha_grade
from .processes import Used, use_of

STOCK, ENGINE, RUNAWAYS = 40, 400, 12
TIMES_STOCK, TIMES_STOCK_IN_NBGRADER = 40, 5


def run(console: Console) -> None:
    """Print wall, CPU, memory and the ratio for each submission; start-up is included."""
    shut_in = isolation()
    autograde = own_python("-m", "nbgrader", "autograde", UNIT)
    with tempfile.TemporaryDirectory(prefix="grading-bench-") as place:
        folder = Path(place)
        small, large = make_class(folder / "small", STOCK), make_class(folder / "large", ENGINE)
        plugged = Path(shutil.copytree(small, folder / "plugged"))
        add_to_config(plugged, f"c.GradingEngine.isolation = {shut_in!r}")
        add_to_config(small, "c.pop('Autograde')")
        rows = [
            ("nbgrader autograde, stock", STOCK, use_of(autograde, small), None),
            (f"nbgrader autograde, engine ({shut_in})", STOCK, use_of(autograde, plugged), TIMES_STOCK_IN_NBGRADER),
            (f"mha grade ({shut_in})", ENGINE, use_of(mha_grade(large, shut_in), large), TIMES_STOCK),
        ]
        runaways = make_runaways(folder / "runaways", RUNAWAYS)
        apart = use_of(mha_grade(runaways, shut_in), runaways)
    console.print(_table(rows))
    console.print(
        f"{RUNAWAYS} submissions that loop, die or take all memory, with 2 s a cell: {apart.wall / RUNAWAYS:.1f} s each"
    )


def _table(rows: list[tuple[str, int, Used, int | None]]) -> Table:
    table = Table(title="Grading a class", title_justify="left")
    for column in ("", "submissions", "wall (s)", "per second", "CPU each (ms)", "peak (MB)", "times stock", "target"):
        table.add_column(column, justify="left" if not column else "right")
    stock = rows[0][1] / rows[0][2].wall
    for what, count, used, target in rows:
        rate = count / used.wall
        verdict = "" if target is None else f"{target}: {'met' if rate >= target * stock else 'NOT met'}"
        table.add_row(
            what, str(count), f"{used.wall:.1f}", f"{rate:.2f}", f"{1000 * used.cpu / count:.0f}",
            f"{used.memory / 1e6:.0f}", f"{rate / stock:.1f}", verdict,
        )  # fmt: skip
    return table
