"""The columns of the CRM team's files: one declaration makes the cell and its dictionary line."""

from dataclasses import dataclass
from typing import Literal

NONE = "none"  # a blank cell means 'no change' to the tools, so what is absent says so
NOT_SCORED = "not_scored"

# A spreadsheet takes a cell that begins so for a formula (full-width forms included).
FORMULA_START = "[=+\\-@\uff1d\uff0b\uff0d\uff20]"
_CONTROL = "[\\x00-\\x1F\\x7F\\x{85}\\x{2028}\\x{2029}]+"


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a file: header `name`, SQL expression, type and meaning for people. `example`
    is a value or, for a closed set `values`, left out."""

    name: str
    sql: str
    kind: Literal["text", "decimal", "integer", "date"]
    fr: str
    en: str
    example: str = ""
    values: tuple[str, ...] = ()
    bounds: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class File:
    """One CSV file: its rows come from `source` (what follows FROM), its first cell is the key it
    is sorted by. `pattern` is its name in the dictionary."""

    name: str
    pattern: str
    source: str
    cells: tuple[Cell, ...]

    @property
    def key(self) -> str:
        return self.cells[0].name

    def sql(self) -> str:
        """The rows of the file, in order."""
        cells = ", ".join(f'{cell.sql} as "{cell.name}"' for cell in self.cells)
        return f'select {cells} from {self.source} order by "{self.key}"'


def text(expression: str) -> str:
    """Free text on one line, never blank, never a formula."""
    one_line = f"trim(regexp_replace({expression}, '{_CONTROL}', ' ', 'g'))"
    return (
        f"case when coalesce({one_line}, '') = '' then '{NONE}'"
        f" when regexp_matches({one_line}, '^{FORMULA_START}') then '''' || {one_line}"
        f" else {one_line} end"
    )


def is_plain_address(expression: str) -> str:
    """True for an address that can be a key as it is. An e-mail address may legally begin like a
    formula, but with an apostrophe in front it would no longer be the person's; the plus of an
    E.164 phone number is followed by digits only and is no formula."""
    return (
        f"({expression} is not null and not regexp_matches({expression}, '{_CONTROL}')"
        f" and (regexp_full_match({expression}, '\\+[0-9]+')"
        f" or not regexp_matches({expression}, '^{FORMULA_START}')))"
    )
