"""`python -m benchmarks.shop --out DIR`: make the shop and write its extracts."""

import argparse
from pathlib import Path

from benchmarks.shop.extracts import write_extracts
from benchmarks.shop.settings import ShopSettings
from benchmarks.shop.shop import make_shop


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and write the folders."""
    usual = ShopSettings()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shop", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder that gets `extracts/`")
    parser.add_argument("--customers", type=int, default=usual.customers)
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument(
        "--days-extra",
        type=int,
        default=usual.extra_days,
        help="small daily extracts after the one with the history",
    )
    chosen = parser.parse_args(arguments)
    try:
        settings = ShopSettings(
            customers=chosen.customers, seed=chosen.seed, extra_days=chosen.days_extra
        )
    except ValueError as mistake:
        parser.error(str(mistake))
    for folder in write_extracts(make_shop(settings), chosen.out):
        print(folder)


if __name__ == "__main__":
    main()
