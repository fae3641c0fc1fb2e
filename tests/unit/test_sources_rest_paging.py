"""Pages that would never end, leave the host or lose records are refused in words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import SourceError
from pipelines.sources.rest import body
from pipelines.sources.rest.bring import bring
from pipelines.sources.rest.query import Query
from pipelines.specs.rest import Rest
from tests.unit.rest_api import Api, Asked, Reply, serving

WHERE = "source 'api': here"


def ask(folder: Path, answer: Callable[[Api, Asked], Reply], **rest: Any) -> str:
    """The lines that an API gives, asked by the settings `rest`."""
    with serving() as api:
        api.answer = lambda asked: answer(api, asked)
        spec = Rest.model_validate({"url": f"{api.url}/orders", "tries": 1} | rest)
        bring(WHERE, spec, Query(spec.url, spec.parameters, {}), folder / "lines")
    return (folder / "lines").read_text()


def refused(folder: Path, answer: Callable[[Api, Asked], Reply], **rest: Any) -> str:
    with pytest.raises(SourceError) as caught:
        ask(folder, answer, **rest)
    assert str(caught.value).startswith(WHERE)
    return str(caught.value)


def test_a_cursor_that_comes_twice_is_refused(tmp_path: Path) -> None:
    def circle(api: Api, asked: Asked) -> Reply:
        following = {"b": "c", "c": "b"}.get(asked.parameters.get("cursor", ""), "b")
        return Reply({"rows": [{"n": len(api.asked)}], "next": following})

    told = refused(tmp_path, circle, records="rows", paging={"by": "cursor", "next": "next"})
    assert "page 3 leads back to a page that was read" in told


def test_a_next_url_that_leads_to_itself_is_refused(tmp_path: Path) -> None:
    def same(api: Api, asked: Asked) -> Reply:
        link = f'<{api.url}/orders>; rel="next"'
        return Reply([{"n": len(api.asked)}], headers={"Link": link})

    assert "turns in a circle" in refused(tmp_path, same, paging={"by": "link_header"})


def test_an_api_that_does_not_know_the_page_parameter_is_refused(tmp_path: Path) -> None:
    told = refused(tmp_path, lambda *_: Reply([{"n": 1}]), paging={"by": "page"})
    assert "page 2 holds the same records as the one before" in told


def test_more_pages_than_allowed_are_refused(tmp_path: Path) -> None:
    told = refused(
        tmp_path,
        lambda api, _: Reply([{"n": len(api.asked)}]),
        paging={"by": "offset", "max_pages": 3},
    )
    assert "more than 3 pages" in told


@pytest.mark.parametrize("link", ["https://elsewhere.example/p2", "//elsewhere.example:99/p2"])
def test_a_next_url_on_another_host_is_refused_unasked(tmp_path: Path, link: str) -> None:
    told = refused(
        tmp_path,
        lambda *_: Reply({"rows": [{"n": 1}], "next": link}),
        records="rows",
        paging={"by": "next_url", "next": "next"},
    )
    assert "elsewhere.example" in told
    assert "not to http://127.0.0.1" in told


def test_an_empty_page_before_the_total_is_refused(tmp_path: Path) -> None:
    def capped(api: Api, asked: Asked) -> Reply:
        rows = [{"n": 1}] if asked.parameters["page"] == "1" else []
        return Reply({"rows": rows, "total": 3})

    paging = {"by": "page", "total_records": "total"}
    told = refused(tmp_path, capped, records="rows", paging=paging)
    assert "page 2 is empty after 1 of the 3 records" in told


def test_a_total_that_is_no_number_is_refused(tmp_path: Path) -> None:
    paging = {"by": "page", "total_records": "meta.total"}
    told = refused(tmp_path, lambda *_: Reply({"rows": [1]}), records="rows", paging=paging)
    assert "no number at `meta.total`" in told


def test_more_without_a_cursor_to_go_on_from_is_refused(tmp_path: Path) -> None:
    told = refused(
        tmp_path,
        lambda *_: Reply({"rows": [{"n": 1}], "more": True}),
        records="rows",
        paging={"by": "cursor", "next": "next", "more": "more"},
    )
    assert "says that there is more" in told


def test_an_empty_page_with_a_cursor_is_not_the_end(tmp_path: Path) -> None:
    def gaps(api: Api, asked: Asked) -> Reply:
        at = int(asked.parameters.get("cursor", 0))
        return Reply({"rows": [{"n": at}] if at == 2 else [], "next": at + 1 if at < 2 else ""})

    paging = {"by": "cursor", "next": "next"}
    assert ask(tmp_path, gaps, records="rows", paging=paging) == '{"n": 2}\n'


def test_long_numeric_cursors_go_back_as_they_came(tmp_path: Path) -> None:
    def deep(api: Api, asked: Asked) -> Reply:
        is_first = "cursor" not in asked.parameters
        if not is_first:
            assert asked.parameters["cursor"] == "123456789012345678901234567890"
        following = "123456789012345678901234567890" if is_first else "null"
        return Reply(f'{{"rows": [{len(api.asked)}], "next": {following}}}')

    paging = {"by": "cursor", "next": "next"}
    assert ask(tmp_path, deep, records="rows", paging=paging) == "1\n2\n"


@pytest.mark.parametrize(
    ("text", "path", "told"),
    [
        ("<html><title>Sign in</title>", "", "a page for people"),
        ("", "", "answers with nothing"),
        ('{"rows": [1, 2', "rows", "not readable as JSON"),
        ('{"rows": [1 2]}', "rows", "not readable as JSON: expected ,"),
        ('[{"a": "x\ny"}]', "", "not readable as JSON"),
        ("[1] [2]", "", "more text after its end"),
        ('{"rows": [1],}', "rows", "not readable as JSON"),
        ("[" * 100_000, "rows", "nested too deeply"),
        ('{"data": {"items": [1], "n": 1}}', "data.rows", "with the keys: items, n"),
        ('{"items": [1]}', "", "the answer is an object with the keys: items"),
        ('{"items": {"a": 1}}', "items", "`items` is an object with the keys: a"),
        ("[1]", "rows", "the answer is a list"),
        ('{"error": "x"}', "data.rows", "the keys: error"),
        ('{"rows": 5}', "rows", "`rows` is a number or a text"),
    ],
)  # fmt: skip
def test_an_answer_that_is_no_list_of_records_is_explained(text: str, path: str, told: str) -> None:
    with pytest.raises(SourceError, match=r"^here: ") as caught:
        body.read("here", text, path)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("text", "path", "lines"),
    [
        ('[{"a": 12.10},{"a":1e400}]', "", ['{"a": 12.10}', '{"a":1e400}']),
        ('{"x": {"rows": [18446744073709551616]}, "y": 1}', "x.rows", ["18446744073709551616"]),
        ('{ "rows" :\n [ {"a":\r\n1} ,\n {"b": "\\n"} ] }', "rows", ['{"a":  1}', '{"b": "\\n"}']),
        ('{"rows": null}', "rows", []),
        ("\n[ ]\n", "", []),
        ('[{"name": "Zoë \\ud83d\\ude00 \u2028"}]', "", ['{"name": "Zoë \\ud83d\\ude00 \u2028"}']),
    ],
)  # fmt: skip
def test_records_are_cut_out_as_they_are_written(text: str, path: str, lines: list[str]) -> None:
    assert [line.decode() for line in body.read("here", text, path).lines()] == [
        f"{line}\n" for line in lines
    ]


def test_what_surrounds_the_records_is_kept_with_the_last_of_them() -> None:
    page = body.read("here", '{"a": {"rows": [{"id": 1}, {"id": 2}], "n": 7}}', "a.rows")
    assert (body.dig(page.around, "a.n"), body.dig(page.around, "a.rows.-1.id")) == ("7", "2")
    assert body.dig(page.around, "a.rows.5.id") is None
    assert body.dig(page.around, "a.n.more") is None
