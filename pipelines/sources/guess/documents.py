"""A look into workbooks and JSON documents: where their records are, and the values in them."""

import json
from itertools import islice
from pathlib import Path
from typing import Any

from pipelines.errors import SourceError
from pipelines.sources import workbook
from pipelines.sources.excel_cells import cell_text
from pipelines.sources.prepare import Extract

_TITLES = 10  # rows that may come before the column names
_FILLED = 0.8  # of the widest of them
_DEEPEST = 5


def worksheet(path: Path, most: int) -> tuple[list[list[str]], int | None]:
    """The rows of a workbook's first sheet, column names first, and the number of that row where it
    is not the first that is filled. SourceError when it is no workbook."""
    extract = Extract("init", path.name, path)
    with workbook.rows(extract, None) as found:
        read = [
            (row.number, [(cell_text(cell, ".", None) or "").strip() for cell in row.cells])
            for row in islice(found, most + _TITLES)
        ]
    filled = [(number, cells) for number, cells in read if any(cells)]
    if not filled:
        raise SourceError(f"{path.name}: empty")
    widest = max(sum(map(bool, cells)) for _, cells in filled[:_TITLES])
    header = next(
        i for i, (_, cells) in enumerate(filled) if sum(map(bool, cells)) >= _FILLED * widest
    )
    return [cells for _, cells in filled[header:]], filled[header][0] if header else None


def records(path: Path, text: str, *, whole: bool) -> tuple[list[dict[str, Any]], str]:
    """The longest array of objects of a JSON document and its dotted path, empty for the top.
    SourceError when there is none."""
    if not whole:
        raise SourceError(
            f"{path.name}: a JSON document too large to look into; write its source by hand "
            "(format: json), or have it exported as JSON lines"
        )
    try:
        document = json.loads(text)
    except ValueError as error:
        raise SourceError(f"{path.name}: neither CSV, JSON nor Parquet ({error})") from None
    arrays = _arrays(document, "", _DEEPEST)
    if not arrays:
        raise SourceError(f"{path.name}: a JSON document without an array of objects")
    return max(arrays, key=lambda found: len(found[0]))


def _arrays(value: Any, at: str, levels: int) -> list[tuple[list[dict[str, Any]], str]]:
    if isinstance(value, list):
        objects = [each for each in value if isinstance(each, dict)]
        return [(objects, at)] if objects else []
    if not isinstance(value, dict) or not levels:
        return []
    return [
        found
        for key, inner in value.items()
        if "." not in key
        for found in _arrays(inner, f"{at}.{key}" if at else key, levels - 1)
    ]
