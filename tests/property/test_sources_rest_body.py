"""Records cut out of any answer are the records it holds, one a line."""

import json
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipelines.sources.rest import body

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.decimals(allow_nan=False, allow_infinity=False, places=3).map(float)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    rows=st.lists(VALUES, max_size=5),
    around=st.dictionaries(st.text(max_size=4), VALUES, max_size=4),
    indent=st.none() | st.integers(0, 3),
    is_ascii=st.booleans(),
    is_first=st.booleans(),
)
def test_records_survive(
    rows: list[Any], around: dict[str, Any], indent: int | None, is_ascii: bool, is_first: bool
) -> None:
    inner = {"the rows": rows}
    whole = {"data": inner, **around, "data ": 1} if is_first else {**around, "data": inner}
    whole["data"] = inner
    text = json.dumps(whole, indent=indent, ensure_ascii=is_ascii)
    page = body.read("here", text, "data.the rows")
    lines = b"".join(page.lines()).split(b"\n")
    assert lines.pop() == b""
    exactly = {"parse_float": Decimal, "parse_int": Decimal}
    expected = json.loads(json.dumps(rows), **exactly)
    assert [json.loads(line, **exactly) for line in lines] == expected
    rest = {key: value for key, value in page.around.items() if key != "data"}
    assert rest.keys() == whole.keys() - {"data"}
