"""Sums of the lines of orders, to be held against what the orders say."""

from collections import Counter
from collections.abc import Collection, Iterator

from pipelines.sources.guess.looks import MOST, number, number_marks, share
from pipelines.sources.guess.relations import Reference, is_counted
from pipelines.sources.guess.shape import Shape, money
from pipelines.sources.guess.words import words_of

Numbers = dict[str, float]  # order → a number

_NEAR = 0.011  # of the currency, and as much for each hundred: each line may be rounded
_CONSTANT, _FEW = 0.9, 10  # of the values are one; values that tell
_ORDERS = 300  # looked at
_LOOKED_AT = 500


def is_near(amount: float, total: float) -> bool:
    """Whether an amount comes to a total."""
    return abs(amount - total) <= _NEAR * (1 + abs(total) / 100)


def numbers_of(shape: Shape, column: str, decimal: str) -> list[float]:
    """The numbers of a column, record by record; 0 where there is none."""
    return [number(value, decimal) or 0.0 for value in shape.cells[column]]


def is_varied(shape: Shape, column: str) -> bool:
    """Whether a column can prove anything: one that is almost everywhere the same, or empty, is the
    sum of anything that is, too."""
    _, count = Counter(shape.cells[column]).most_common(1)[0]
    return shape.rows < _FEW or count < _CONSTANT * shape.rows


def numeric(shape: Shape, columns: Collection[str], never: set[str]) -> Iterator[str]:
    """Those of the columns that may be amounts and can prove something. `never`: words of names of
    others."""
    for theirs in columns:
        values = shape.columns[theirs]
        said = set(shape.words[theirs].split())
        if (
            not values
            or said & {*never, "id"}
            or is_counted(values)
            or not is_varied(shape, theirs)
        ):
            continue
        if share(number(v, ".") is not None and v[:1] in "-0123456789" for v in values) >= MOST:
            yield theirs


def match(reference: Reference) -> float:
    """The share of the orders that some amount of their lines comes to, as they are or times the
    quantity: of two tables of orders the right one has far more of them."""
    head, lines = reference.parent, reference.child
    keys = list(dict.fromkeys(head.cells[reference.key]))
    wanted = set(sorted(set(keys) & set(lines.columns[reference.column]))[:_ORDERS])
    if len(wanted) < _FEW:
        return 0.0
    rows = [row for row, key in enumerate(lines.cells[reference.column]) if key in wanted]
    sums = []
    for values in _amounts(lines, rows):
        added = Numbers()
        for row, amount in zip(rows, values, strict=True):
            key = lines.cells[reference.column][row]
            added[key] = added.get(key, 0.0) + amount
        sums.append(added)
    best = 0.0
    for theirs in numeric(head, money(head), set()):
        decimal, _ = number_marks(head.columns[theirs][:_LOOKED_AT])
        pairs = zip(head.cells[reference.key], head.cells[theirs], strict=True)
        totals = {key: number(text, decimal) or 0.0 for key, text in pairs if key in wanted}
        paid = [key for key in totals if totals[key]]
        if len(paid) >= _FEW:
            fitting = (share(is_near(each[k], totals[k]) for k in paid) for each in sums)
            best = max(best, *fitting, 0.0)
    return best


def _amounts(lines: Shape, rows: list[int]) -> Iterator[list[float]]:
    """The amounts of some lines, and each times what is called a quantity."""
    counts = [c for c in lines.columns if "quantity" in words_of(c).split() and is_varied(lines, c)]
    for theirs in numeric(lines, money(lines), set()):
        decimal, _ = number_marks(lines.columns[theirs][:_LOOKED_AT])
        values = [number(lines.cells[theirs][row], decimal) or 0.0 for row in rows]
        yield values
        for count in counts:
            cells = lines.cells[count]
            yield [
                v * (number(cells[r], decimal) or 0.0) for v, r in zip(values, rows, strict=True)
            ]
