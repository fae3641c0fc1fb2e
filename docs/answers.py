"""The results in docs/analysts.md: each table after an SQL block is what the block answers.

python -m docs.answers data/warehouse/analytics.duckdb     writes them anew
"""

import re
import sys
from pathlib import Path

import duckdb

PAGE = Path(__file__).parent / "analysts.md"
_QUESTION = re.compile(r"(```sql\n(.*?)```\n)(\n(?:\|[^\n]*\n)*)", re.DOTALL)


def questions(page: str) -> list[str]:
    """The SQL of each question."""
    return [found[2] for found in _QUESTION.finditer(page)]


def answered(page: str, con: duckdb.DuckDBPyConnection) -> str:
    """The page with the results that its queries have on `con`."""
    return _QUESTION.sub(lambda found: f"{found[1]}\n{_table(con, found[2])}", page)


def _table(con: duckdb.DuckDBPyConnection, sql: str) -> str:
    result = con.execute(sql)
    names = [column[0] for column in result.description]
    lines = [names, ["---"] * len(names), *(map(_cell, row) for row in result.fetchall())]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


if __name__ == "__main__":
    with duckdb.connect(sys.argv[1], read_only=True) as con:
        PAGE.write_text(answered(PAGE.read_text(encoding="utf-8"), con), encoding="utf-8")
