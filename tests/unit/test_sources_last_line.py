"""A file whose last record has no line end."""

from pathlib import Path

import pytest

from pipelines.sources.prepare import Extract, plain_text


@pytest.mark.parametrize(
    ("content", "plain"),
    [
        (b"a,b\n1,2", b"a,b\n1,2\n"),
        (b"a,b\r\n1,2", b"a,b\n1,2\n"),
        (b"a,b\r1,2", b"a,b\n1,2\n"),
        (b"a,b\r\n1,2\r\n", b"a,b\n1,2\n"),
        (b"\xef\xbb\xbfa,b\n\n1", b"a,b\n\n1\n"),
    ],
)
def test_the_last_line_ends_like_the_others(content: bytes, plain: bytes, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(content)
    found = plain_text(Extract("orders", "orders.csv", path), "utf-8", tmp_path / "plain.txt")
    assert found.read_bytes() == plain
