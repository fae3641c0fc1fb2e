"""What is beyond the first records of a long file: all its keys, so that what names them can be
told from what does not, and the records that say something new, as the latest orders do."""

import csv
import io
from collections import deque
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pipelines.sources.guess.looks import FEW
from pipelines.sources.guess.shape import Shape
from pipelines.sources.unpack import Packed, opened

_MOST = 2_000_000  # records
_LONGEST = 64  # letters of a key
_LAST, _NEW = 2_000, 1_000  # records that are kept


@dataclass(slots=True)
class Beyond:
    """`keys`: of the columns whose values hardly ever come twice, all values; `cells`: column → the
    values of the last records, and of those with a word that no earlier one has."""

    keys: dict[str, frozenset[str]] = field(default_factory=dict)
    cells: dict[str, list[str]] = field(default_factory=dict)


def beyond(path: Path, shape: Shape) -> Beyond:
    """What the rest of a file says, as far as its format lets columns be read alone. `shape`: of
    its first records."""
    keys = [
        name
        for name in shape.columns
        if name in shape.keys & shape.full and len(shape.columns[name][0]) <= _LONGEST
    ]
    if shape.format == "csv":
        return _of_csv(path, shape, keys)
    return Beyond(_of_parquet(path, keys)) if shape.format == "parquet" else Beyond()


def _of_csv(path: Path, shape: Shape, keys: list[str]) -> Beyond:
    encoding = "utf-8-sig" if shape.encoding == "utf-8" else shape.encoding
    with opened(Packed(path, path.name)) as raw:
        text = io.TextIOWrapper(raw, encoding, "replace", newline="")
        rows = csv.reader(text, delimiter=shape.delimiter)
        header = [name.strip() for name in next(row for row in rows if row)]
        known: list[tuple[int, set[str]]] = [(header.index(name), set()) for name in keys]
        words = [
            (header.index(name), distinct)
            for name, values in shape.cells.items()
            if len(distinct := set(values)) <= FEW
        ]
        new: list[list[str]] = []
        last: deque[list[str]] = deque(maxlen=_LAST)
        for number, row in enumerate(islice(rows, _MOST)):
            cells = [cell.strip() for cell in row]
            if len(cells) != len(header):
                continue
            for place, values in known:
                values.add(cells[place])
            if number < shape.rows:
                continue
            fresh = [values for place, values in words if cells[place] not in values]
            if fresh and len(new) < _NEW:
                new.append(cells)
                for place, values in words:
                    values.add(cells[place])
            else:
                last.append(cells)
    columns = zip(*(*new, *last), strict=True) if new or last else ([] for _ in header)
    cells_of = dict(zip(header, map(list, columns), strict=True))
    found = {keys[i]: frozenset(values - {""}) for i, (_, values) in enumerate(known)}
    return Beyond(found, {name: cells_of[name] for name in shape.cells})


def _of_parquet(path: Path, keys: list[str]) -> dict[str, frozenset[str]]:
    import pyarrow.parquet as pq

    found: dict[str, set[str]] = {name: set() for name in keys}
    for batch in pq.ParquetFile(path).iter_batches(columns=keys):
        for name in keys:
            found[name].update(str(v) for v in batch.column(name).to_pylist() if v is not None)
    return {name: frozenset(values) for name, values in found.items()}
