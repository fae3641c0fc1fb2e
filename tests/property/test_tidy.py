"""What is said to be tidy holds no value that would have to be trimmed, wherever chunks end."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipelines.sources import scan

BLANKS = " \t\r\u00a0\u202f"
VALUES = st.text(f"ab é€0{BLANKS}'", max_size=6)


@settings(
    deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example(rows=[["aaa\u00a0", "b"]], chunk=4)
@given(
    rows=st.lists(st.lists(VALUES, min_size=2, max_size=2), min_size=1, max_size=8),
    chunk=st.integers(1, 24),
)
def test_a_tidy_file_has_nothing_to_trim(tmp_path: Path, rows: list[list[str]], chunk: int) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes("".join(",".join(row) + "\n" for row in rows).encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "_CHUNK", chunk)
        found = scan.tally(file, ",", '"')
    assert found is not None
    assert (found.lines, found.delimiters) == (len(rows), len(rows))
    values = [value for row in rows for value in row]
    if found.is_tidy:
        assert all(value == value.strip(BLANKS) and value[:1] != "'" for value in values)
    elif chunk > 1:
        plain = all(ord(sign) < 128 and sign not in f"{BLANKS}'" for v in values for sign in v)
        assert not plain
