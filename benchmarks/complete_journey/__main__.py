"""`python -m benchmarks.complete_journey --out DIR`: write the extracts into `DIR/<date>/`."""

import argparse
from pathlib import Path

from benchmarks.complete_journey.extracts import NIGHTS, write_extracts


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and write the folders."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.complete_journey")
    parser.add_argument("--out", type=Path, required=True, help="folder that gets a folder a date")
    parser.add_argument(
        "--households", type=int, help="only so many of them (for tests); all when absent"
    )
    chosen = parser.parse_args(arguments)
    for folder in write_extracts(chosen.out, NIGHTS, households=chosen.households):
        print(folder)


if __name__ == "__main__":
    main()
