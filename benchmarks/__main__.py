"""`python -m benchmarks [--only PART …]`: measures, prints a table, writes results/latest.json."""

import argparse
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks import (
    engine,
    engine_growth,
    feel,
    floor,
    history,
    http_case,
    inbox,
    jobs,
    operations,
    rest_case,
    search,
    sign_ins,
)
from benchmarks.budgets import BUDGETS
from benchmarks.machine import calibrate, machine_figures

RESULTS = Path(__file__).parent / "results" / "latest.json"
TRUSTED_NOISE = 1.3

Part = Callable[[], dict[str, float]]


def main() -> None:
    """Run the parts asked for, one after the other."""
    options = _options()
    parts = _parts(options.inbox_size)
    begin, before = time.monotonic(), calibrate()
    figures: dict[str, float] = {}
    for name in options.only or parts:
        print(f"\n{name}", flush=True)
        figures |= _print_table(parts[name]())
    print("\nmachine")
    machine = _print_table(machine_figures(before, calibrate(), begin))
    if machine["machine.noise_ratio"] > TRUSTED_NOISE:
        print("\nThe machine was busy with other work or changed its speed: compare ratios, or measure again.")
    _write({**figures, **machine}, options.output)


def _parts(inbox_sizes: list[int]) -> dict[str, Part]:
    return {
        "feel": feel.run,
        "engine": engine.run,
        "growth": engine_growth.run,
        "operations": operations.run,
        "http": http_case.run,
        "floor": floor.run,
        "rest": rest_case.run,
        "inbox": lambda: inbox.run(inbox.FULL.with_more(*inbox_sizes)),
        "search": search.run,
        "history": history.run,
        "jobs": jobs.run,
        "sign_ins": sign_ins.run,
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=tuple(_parts([])), help="this part; may be given again")
    parser.add_argument(
        "--inbox-size", action="append", type=int, default=[], metavar="COUNT",
        help="measure the inbox with so many open user tasks as well, such as 1000000 (takes minutes to fill)",
    )
    parser.add_argument("--output", type=Path, default=RESULTS, help="where the figures go")
    return parser.parse_args()


def _print_table(figures: dict[str, float]) -> dict[str, float]:
    for key, value in figures.items():
        budget = BUDGETS.get(key)
        verdict = "" if budget is None else f"  budget {budget:g}: {'kept' if value <= budget else 'MISSED'}"
        print(f"  {key:38} {_rounded(value):>12}{verdict}")
    return figures


def _rounded(value: float) -> str:
    return f"{value:,.0f}" if value >= 1_000 else f"{value:,.4g}"


def _write(figures: Mapping[str, float], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(f"\n{len(figures)} figures in {path}")


if __name__ == "__main__":
    main()
