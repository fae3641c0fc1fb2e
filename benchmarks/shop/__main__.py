"""`python -m benchmarks.shop make --out DIR` makes a shop; `… answer --out DIR --imported FOLDER`
lives one more day of it."""

import argparse
import shutil
from pathlib import Path

from benchmarks.shop.parameters import PRESETS
from benchmarks.shop.settings import Settings
from benchmarks.shop.shop import CSV, FORMATS, answer, make


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and write the folders."""
    usual = Settings()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shop", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    making = verbs.add_parser("make", help="make a shop and its first extracts")
    making.add_argument("--customers", type=int, default=usual.customers)
    making.add_argument("--seed", type=int, default=usual.seed)
    making.add_argument("--preset", choices=sorted(PRESETS), default=usual.preset)
    making.add_argument("--format", choices=FORMATS, default=CSV, help="of the extracts")
    making.add_argument("--days", type=int, default=3, help="small extracts after the first")
    making.add_argument(
        "--extracts-only", action="store_true", help="no truth, and no world to go on with"
    )
    answering = verbs.add_parser("answer", help="live one more day and write its extract")
    answering.add_argument(
        "--imported", type=Path, nargs="*", default=[], help="folders of files imported today"
    )
    for one in (making, answering):
        one.add_argument("--out", type=Path, required=True, help="folder of the shop")
        one.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args(arguments)
    try:
        if chosen.verb == "answer":
            print(answer(chosen.out, chosen.imported, processes=chosen.processes))
        else:
            _make(chosen)
    except ValueError as mistake:
        parser.error(str(mistake))


def _make(chosen: argparse.Namespace) -> None:
    first = make(
        Settings(chosen.customers, chosen.seed, chosen.preset),
        chosen.out,
        file_format=chosen.format,
        processes=chosen.processes,
        tell_truth=not chosen.extracts_only,
    )
    print(first)
    for _ in range(chosen.days):
        print(answer(chosen.out, processes=chosen.processes))
    if chosen.extracts_only:
        shutil.rmtree(chosen.out / "world")


if __name__ == "__main__":
    main()
