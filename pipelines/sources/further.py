"""What further columns of an extract say, as SQL over the rows of a reader (`specs/further.py`)."""

from collections.abc import Collection

from pipelines.sources import native
from pipelines.sources.engine import name, quoted
from pipelines.specs.contract import Column
from pipelines.specs.further import ANY, FURTHER, NONE
from pipelines.specs.source import Source

BLANKS = " \t\r\n\u00a0\u202f"


def trimmed(field: str, kind: str) -> str:
    """What a field of the type `kind` says without blanks around it, NULL when that is nothing."""
    return f"nullif(trim({native.text(field, kind)}, {quoted(BLANKS)}), '')"


def overridden(given: str, column: Column, source: Source, types: dict[str, str]) -> str:
    """The text `given` of a column, or what a further column of the rows says instead. Rows that do
    not have them (what is kept in quarantine) have said it already."""
    whens = [
        f"when {_says(theirs, [value], source, types)} then {quoted(ours) if ours else 'null'}"
        for theirs, pairs in source.overrides.get(column.name, {}).items()
        if FURTHER + theirs in types
        for value, ours in pairs.items()
    ]
    return f"case {' '.join(whens)} else {given} end" if whens else given


def is_taken(source: Source, types: dict[str, str]) -> str:
    """A condition that holds for the records that `skip` and `keep` do not leave out."""
    left_out = [_says(theirs, values, source, types) for theirs, values in source.skip.items()]
    kept = [_says(theirs, values, source, types) for theirs, values in source.keep.items()]
    return " and ".join(["true", *kept, *(f"not {condition}" for condition in left_out)])


def _says(theirs: str, values: Collection[str], source: Source, types: dict[str, str]) -> str:
    """A condition: the further column has one of the values. JSON may leave it away: empty."""
    field = FURTHER + theirs
    said = trimmed(name(field), types[field]) if field in types else "null::varchar"
    if source.empty_values:
        nothing = ", ".join(map(quoted, source.empty_values))
        said = f"case when {said} not in ({nothing}) then {said} end"
    words = [quoted(value) for value in values if value not in (ANY, NONE)]
    tests = [f"coalesce({said} in ({', '.join(words)}), false)"] if words else []
    tests += [f"{said} is not null"] if ANY in values else []
    tests += [f"{said} is null"] if NONE in values else []
    return f"({' or '.join(tests)})" if tests else "false"
