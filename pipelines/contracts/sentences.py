"""What a check found and what was expected, in words: counts and bounds, never values."""

from typing import Any

from pipelines.specs.checks import Check

NOT_RUN = "not run: the query of another check failed and ended the transaction"


def observed(check: Check, result: Any, failed_statement: str, error: str) -> str:
    """The sentence of one of Great Expectations' results. `failed_statement` and `error` are those
    of the first query that DuckDB refused, if any."""
    found = result.result
    if "unexpected_count" in found:
        broken, total = found["unexpected_count"] or 0, found["element_count"]
        return f"{broken} of {total} rows break it; expected 0"
    if "observed_value" not in found:
        is_cause = _query(check, result) in failed_statement
        return f"could not be run: {_safe(error)}" if is_cause else NOT_RUN
    value = found["observed_value"]
    by_kind = {
        "row_count_between": f"{value} rows; expected {_bounds(check)}",
        "value_between": f"{_number(value)}; expected {_bounds(check)}",
        "unique": f"{value} keys occur more than once; expected 0",
        "not_constant": "every row has the same value" if value else "no single value everywhere",
        "query_is_empty": f"{value} rows found; expected 0",
    }
    return by_kind[check.kind]


def _query(check: Check, result: Any) -> str:
    """What of a check can be recognised in the statement that DuckDB refused."""
    query = result.expectation_config.kwargs.get("query")
    return str(query or check.args.get("column") or check.name)


def _safe(error: str) -> str:
    """DuckDB's complaint about the query itself; other messages may quote a value of a row."""
    is_about_the_query = error.startswith(("Binder Error", "Catalog Error", "Parser Error"))
    return error.splitlines()[0][:200] if is_about_the_query else "its query failed on the rows"


def _bounds(check: Check) -> str:
    low, high = check.args.get("min"), check.args.get("max")
    if low is None:
        return f"at most {high}"
    return f"at least {low}" if high is None else f"{low} to {high}"


def _number(value: float | None) -> str:
    return "NULL" if value is None else f"{value:.6g}"
