"""What every exported file must be, checked on the file as it is read back (all text)."""

from pipelines.activation.cells import FORMULA_START, Cell, File
from pipelines.specs.checks import Check, Severity

_ADDRESS = {"EMAIL": "[^@\\s,;]+@[^@\\s,;]+", "PHONE": "\\+[0-9]{6,15}", "CONTACT_ID": ".+"}
_FORMULA = f"({FORMULA_START}|\\t).*"
_NUMBER = {"decimal": "[0-9]+\\.[0-9]{4}", "integer": "[0-9]+"}


def checks(file: File) -> list[Check]:
    """The checks of one file."""
    found = [
        Check("one_row_per_key", "unique", args={"columns": [file.key]}),
        _none("key_is_an_address", f"not {_matches(file.key, _ADDRESS[file.key])}"),
        _none("no_cell_spans_lines", _any(file, ".*[\\n\\r].*")),
        _none("no_cell_is_a_formula", _any(file, _FORMULA)),
    ]
    if file.name.startswith("scores"):
        some = {"min": 1}
        found.append(Check("someone_is_contactable", "row_count_between", Severity.WARNING, some))
    return found + [check for cell in file.cells for check in _of_cell(cell)]


def _of_cell(cell: Cell) -> list[Check]:
    name = cell.name.lower()
    found = [Check(f"{name}_is_never_blank", "not_null", args={"column": cell.name})]
    if cell.values:
        args = {"column": cell.name, "values": list(cell.values)}
        found.append(Check(f"{name}_is_a_known_value", "in_set", args=args))
    if cell.kind in _NUMBER:
        pattern = _NUMBER[cell.kind]
        found.append(_none(f"{name}_is_a_number", f"not {_matches(cell.name, pattern)}"))
    if cell.bounds:
        low, high = cell.bounds
        outside = f'try_cast("{cell.name}" as double) not between {low} and {high}'
        found.append(_none(f"{name}_is_within_bounds", outside))
    return found


def _any(file: File, pattern: str) -> str:
    """Some cell matches; the plus of a phone number that is the key is no formula."""
    cells = [cell for cell in file.cells if cell.name != "PHONE"]
    return " or ".join(_matches(cell.name, pattern) for cell in cells)


def _matches(column: str, pattern: str) -> str:
    return f"regexp_full_match(\"{column}\", '{pattern}', 's')"


def _none(name: str, condition: str) -> Check:
    return Check(name, "query_is_empty", args={"sql": f"select 1 from {{table}} where {condition}"})
