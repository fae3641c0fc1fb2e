"""What each kind of `Check` becomes in Great Expectations.

None of these asks the warehouse for the values that broke a rule: only counts and bounds come
back, so neither a result nor a page made from it can hold personal data."""

import re
from collections.abc import Callable
from typing import Any, ClassVar

from great_expectations.expectations.core.expect_column_values_to_be_between import (
    ExpectColumnValuesToBeBetween,
)
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)
from great_expectations.expectations.core.expect_column_values_to_not_be_null import (
    ExpectColumnValuesToNotBeNull,
)
from great_expectations.expectations.core.expect_table_row_count_to_be_between import (
    ExpectTableRowCountToBeBetween,
)
from great_expectations.expectations.expectation import BatchExpectation, Expectation
from great_expectations.expectations.metadata_types import FailureSeverity

from pipelines.specs.checks import Check

Args = dict[str, Any]


class _CountsOnly:
    """Takes from a column expectation the query that would fetch the unexpected values."""

    def get_validation_dependencies(self, *args: Any, **options: Any) -> Any:
        needed = super().get_validation_dependencies(*args, **options)  # type: ignore[misc]
        metric = self.map_metric  # type: ignore[attr-defined]
        needed.remove_metric_configuration(f"{metric}.unexpected_values")
        return needed


class ExpectColumnToBeFilled(_CountsOnly, ExpectColumnValuesToNotBeNull):
    """No NULL in `column`."""


class ExpectColumnToBeInSet(_CountsOnly, ExpectColumnValuesToBeInSet):
    """Every value of `column` is in `value_set`; NULL is no value."""


class ExpectColumnToBeBetween(_CountsOnly, ExpectColumnValuesToBeBetween):
    """Every value of `column` is between the bounds; NULL is no value."""


class ExpectQueryToFindNothing(BatchExpectation):
    """`query` returns no row. The rows are counted in the warehouse, never fetched."""

    query: str
    metric_dependencies: ClassVar[tuple[str, ...]] = ("query.row_count",)
    success_keys: ClassVar[tuple[str, ...]] = ("query",)
    domain_keys: ClassVar[tuple[str, ...]] = ("batch_id",)

    def _validate(self, metrics: Args, *args: Any, **options: Any) -> Any:
        found = int(metrics["query.row_count"])
        return {"success": found == 0, "result": {"observed_value": found}}


class ExpectQueryValueToBeBetween(BatchExpectation):
    """The one number that `query` returns is between the bounds; NULL is not."""

    query: str
    min_value: float | None = None
    max_value: float | None = None
    metric_dependencies: ClassVar[tuple[str, ...]] = ("query.table",)
    success_keys: ClassVar[tuple[str, ...]] = ("query", "min_value", "max_value")
    domain_keys: ClassVar[tuple[str, ...]] = ("batch_id",)

    def _validate(self, metrics: Args, *args: Any, **options: Any) -> Any:
        (row,) = metrics["query.table"]
        (value,) = row.values()
        number = None if value is None else float(value)
        low, high = self.min_value, self.max_value
        success = (
            number is not None
            and (low is None or number >= low)
            and (high is None or number <= high)
        )
        return {"success": success, "result": {"observed_value": number}}


def _not_null(table: str, args: Args) -> Args:
    return {"column": args["column"]}


def _unique(table: str, args: Args) -> Args:
    """Keys that occur twice, NULL equal to NULL (the built-in joins the table to itself: slower,
    and blind to NULL)."""
    keys = ", ".join(f'"{column}"' for column in args["columns"])
    return {"query": f"select count(*) from {table} group by {keys} having count(*) > 1"}


def _in_set(table: str, args: Args) -> Args:
    return {"column": args["column"], "value_set": list(args["values"])}


def _between(table: str, args: Args) -> Args:
    strict = bool(args.get("strict", False))
    return {
        "column": args["column"],
        "min_value": args.get("min"),
        "max_value": args.get("max"),
        "strict_min": strict,
        "strict_max": strict,
    }


def _row_count_between(table: str, args: Args) -> Args:
    return {"min_value": args.get("min"), "max_value": args.get("max")}


def _not_constant(table: str, args: Args) -> Args:
    """One row when two or more rows share one value (or have none at all)."""
    column = f'"{args["column"]}"'
    return {
        "query": f"select 1 from {table} having count(*) > 1"
        f" and min({column}) is not distinct from max({column})"
    }


def _query_is_empty(table: str, args: Args) -> Args:
    return {"query": _filled(args["sql"], table)}


def _value_between(table: str, args: Args) -> Args:
    return {
        "query": _filled(args["sql"], table),
        "min_value": args.get("min"),
        "max_value": args.get("max"),
    }


def _filled(sql: str, table: str) -> str:
    """`sql` with the audited table's name. Other braces are doubled, because Great Expectations
    formats every query, and `:word` is escaped, because SQLAlchemy takes it for a parameter."""
    literal = sql.replace("{table}", table).replace("{", "{{").replace("}", "}}")
    return re.sub(r"(?<![:\w\\]):(?=\w)", r"\\:", literal)


def unescaped(query: str) -> str:
    """The SQL as DuckDB gets it."""
    return query.replace("{{", "{").replace("}}", "}").replace("\\:", ":")


KINDS: dict[str, tuple[type[Expectation], Callable[[str, Args], Args]]] = {
    "not_null": (ExpectColumnToBeFilled, _not_null),  # column
    "unique": (ExpectQueryToFindNothing, _unique),  # columns
    "in_set": (ExpectColumnToBeInSet, _in_set),  # column, values; NULL passes
    "between": (ExpectColumnToBeBetween, _between),  # column, min?, max?, strict?; NULL passes
    "row_count_between": (ExpectTableRowCountToBeBetween, _row_count_between),  # min?, max?
    "not_constant": (ExpectQueryToFindNothing, _not_constant),  # column; fewer than 2 rows pass
    "query_is_empty": (ExpectQueryToFindNothing, _query_is_empty),  # sql, may hold {table}
    "value_between": (ExpectQueryValueToBeBetween, _value_between),  # sql of one number, min?, max?
}
ARGS: dict[str, tuple[frozenset[str], frozenset[str]]] = {  # required, optional
    "not_null": (frozenset({"column"}), frozenset()),
    "unique": (frozenset({"columns"}), frozenset()),
    "in_set": (frozenset({"column", "values"}), frozenset()),
    "between": (frozenset({"column"}), frozenset({"min", "max", "strict"})),
    "row_count_between": (frozenset(), frozenset({"min", "max"})),
    "not_constant": (frozenset({"column"}), frozenset()),
    "query_is_empty": (frozenset({"sql"}), frozenset()),
    "value_between": (frozenset({"sql"}), frozenset({"min", "max"})),
}


def expectation(check: Check, table: str) -> Expectation:
    """`check` as an expectation on `table`; ValueError when it is declared wrongly."""
    if check.kind not in KINDS:
        raise ValueError(f"{check.name}: kind {check.kind!r}; allowed: {', '.join(KINDS)}")
    required, optional = ARGS[check.kind]
    given = set(check.args)
    if not required <= given <= required | optional:
        raise ValueError(
            f"{check.name}: {check.kind} takes {sorted(required)} and may take {sorted(optional)};"
            f" found {sorted(given)}"
        )
    kind, arguments = KINDS[check.kind]
    return kind(
        **arguments(table, check.args),
        severity=FailureSeverity(check.severity.value),
        meta={"name": check.name},
    )
