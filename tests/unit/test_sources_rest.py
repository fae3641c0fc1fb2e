"""What a JSON API holds comes whole into the warehouse, night by night."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.errors import SourceError, TransientError
from tests.conftest import ROOT
from tests.contract.world import D1, D2, FrontDoor, unaudited
from tests.unit.rest_api import Api, Asked, Reply, record, serving

PAGE = ROOT / "docs" / "connectors" / "rest.md"
COLUMNS = {
    "order_id": "id",
    "ordered_at": "created",
    "status": "state",
    "total_amount": "total.amount",
    "email": "customer.email",
}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setenv("SHOP_TOKEN", "t0p-secret")
    with serving() as api:
        yield api


def source(api: Api, **rest: Any) -> dict[str, Any]:
    section = {"url": f"{api.url}/orders", "records": "orders", "tries": 1} | rest
    return {"entity": "orders", "connector": "rest", "columns": COLUMNS, "rest": section}


def door_of(tmp_path: Path, api: Api, **rest: Any) -> FrontDoor:
    return FrontDoor(tmp_path, shop_orders=source(api, **rest))


def numbered(count: int, size: int, parameter: str = "page") -> Callable[[Asked], Reply]:
    """An API of `count` orders in pages of `size`, numbered from 1."""

    def answer(asked: Asked) -> Reply:
        start = (int(asked.parameters[parameter]) - 1) * size
        return Reply({"orders": [record(n) for n in range(start, min(start + size, count))]})

    return answer


def ids(door: FrontDoor) -> list[str]:
    return sorted(row[0] for row in door.landed_rows("order_id"))


def first_orders(count: int) -> list[str]:
    return sorted(f"O{n}" for n in range(count))


def test_an_api_of_numbered_pages_is_extracted_and_loaded_whole(tmp_path: Path, api: Api) -> None:
    api.answer = numbered(5, 2)
    door = door_of(tmp_path, api, paging={"by": "page", "size_parameter": "n", "size": 2})
    report = door.run(D1)
    rows = door.rows("select order_id, total_amount::varchar, email from raw.orders order by 1")
    assert rows == [(f"O{n}", "12.5000", f"p{n}@shop.example") for n in range(5)]
    assert report.rows == 5
    assert api.parameter("page") == ["1", "2", "3", "4"]
    assert api.parameter("n") == ["2"] * 4
    assert not (door.paths.inbox / "shop_orders").exists()


def test_a_short_page_or_a_total_spares_the_last_question(tmp_path: Path, api: Api) -> None:
    pages = numbered(5, 2)
    api.answer = lambda asked: Reply(pages(asked).body | {"meta": {"pages": 3, "count": 5}})
    for settings in (
        {"ends": "short", "size": 2},
        {"total_pages": "meta.pages"},
        {"total_records": "meta.count"},
    ):
        (tmp_path / "-".join(settings)).mkdir()
        api.asked.clear()
        door = door_of(tmp_path / "-".join(settings), api, paging={"by": "page", **settings})
        door.extract(D1)
        assert (ids(door), len(api.asked)) == (first_orders(5), 3)


def test_offsets_count_what_came_so_that_a_capped_page_loses_nothing(
    tmp_path: Path, api: Api
) -> None:
    def answer(asked: Asked) -> Reply:
        start = int(asked.parameters["skip"])
        size = min(int(asked.parameters["take"]), 2 if start else 1)
        return Reply({"orders": [record(n) for n in range(start, min(start + size, 5))], "of": 5})

    api.answer = answer
    paging = {"by": "offset", "parameter": "skip", "size_parameter": "take", "size": 100}
    door = door_of(tmp_path, api, paging={**paging, "total_records": "of"})
    door.extract(D1)
    assert (ids(door), api.parameter("skip")) == (first_orders(5), ["0", "1", "3"])


def test_a_cursor_is_sent_beside_the_parameters_until_there_is_none(
    tmp_path: Path, api: Api
) -> None:
    def answer(asked: Asked) -> Reply:
        at = int(asked.parameters.get("after", 0))
        following = at + 1 if at < 2 else None
        return Reply({"orders": [record(at)], "meta": {"next": following}})

    api.answer = answer
    paging = {"by": "cursor", "parameter": "after", "next": "meta.next"}
    door = door_of(tmp_path, api, paging=paging, parameters={"state": "any"})
    door.extract(D1)
    assert (ids(door), api.parameter("after")) == (first_orders(3), [None, "1", "2"])
    assert api.parameter("state") == ["any"] * 3


def test_the_last_record_may_be_the_cursor_while_there_is_more(tmp_path: Path, api: Api) -> None:
    def answer(asked: Asked) -> Reply:
        at = int(asked.parameters.get("cursor", "O-1")[1:]) + 1
        return Reply({"orders": [record(at), record(at + 1)], "has_more": at < 2})

    api.answer = answer
    paging = {"by": "cursor", "next": "orders.-1.id", "more": "has_more"}
    door = door_of(tmp_path, api, paging=paging)
    door.extract(D1)
    assert (ids(door), api.parameter("cursor")) == (first_orders(4), [None, "O1"])


@pytest.mark.parametrize("following", ["{api}/orders?at=1", "/orders?at=1", "?at=1"])
def test_a_next_url_in_the_answer_is_followed(tmp_path: Path, api: Api, following: str) -> None:
    def answer(asked: Asked) -> Reply:
        at = int(asked.parameters.get("at", 0))
        link = None if at else following.replace("{api}", api.url)
        return Reply({"orders": [record(at)], "links": {"next": link}})

    api.answer = answer
    paging = {"by": "next_url", "next": "links.next"}
    door = door_of(tmp_path, api, paging=paging, parameters={"state": "any"})
    door.extract(D1)
    assert ids(door) == first_orders(2)
    assert api.parameter("state") == ["any", None]


def test_a_link_header_is_followed(tmp_path: Path, api: Api) -> None:
    def answer(asked: Asked) -> Reply:
        at = int(asked.parameters.get("at", 0))
        link = f'<{api.url}/orders?at=0>; rel="first", </orders?at={at + 1}>; rel="next"'
        return Reply({"orders": [record(at)]}, headers={"Link": link} if at < 2 else {})

    api.answer = answer
    door = door_of(tmp_path, api, paging={"by": "link_header"})
    door.extract(D1)
    assert ids(door) == first_orders(3)


def test_one_answer_may_be_the_list_itself(tmp_path: Path, api: Api) -> None:
    api.answer = lambda asked: Reply([record(0), record(1)])
    door = door_of(tmp_path, api, records="")
    door.extract(D1)
    assert (ids(door), len(api.asked)) == (first_orders(2), 1)


def test_a_night_without_records_lands_and_loads_none(tmp_path: Path, api: Api) -> None:
    api.answer = lambda asked: Reply({"orders": []})
    door = door_of(tmp_path, api, paging={"by": "page"})
    assert door.run(D1).rows == 0
    api.answer = lambda asked: Reply(status=204)
    assert door.run(D2).rows == 0
    assert len(door.landed()) == 2


def test_numbers_reach_the_warehouse_with_all_their_digits(tmp_path: Path, api: Api) -> None:
    text = json.dumps(record(0), indent=1).replace('"O0"', "12345678901234567890123")
    text = text.replace("12.5", "98765432101.10")
    api.answer = lambda asked: Reply('{"orders": [' + text + "]}")
    door = door_of(tmp_path, api)
    door.run(D1)
    rows = door.rows("select order_id, total_amount::varchar from raw.orders")
    assert rows == [("12345678901234567890123", "98765432101.1000")]


def test_each_night_asks_from_where_the_one_before_ended(tmp_path: Path, api: Api) -> None:
    api.answer = lambda asked: Reply({"orders": [record(len(api.asked))]})
    parameters = {"from": "{since}", "to": "{until}", "day": "{as_of}", "unix": "{until_unix}"}
    door = door_of(tmp_path, api, parameters=parameters, starts_on="2020-01-01")
    door.run(D1)
    door.run(D2)
    first, second = (asked.parameters for asked in api.asked)
    assert first == {
        "from": "2019-12-31T23:00:00Z",
        "to": "2026-06-30T22:00:00Z",
        "day": "2026-07-01",
        "unix": "1782856800",
    }
    assert (second["from"], second["to"]) == ("2026-06-29T22:00:00Z", "2026-07-01T22:00:00Z")
    assert [p.files[0].goes_on_from for p in door.landed()] == [first["to"], second["to"]]
    assert door.extract(D2).rows == 0
    assert len(api.asked) == 2


def test_the_same_night_run_again_asks_the_same(tmp_path: Path, api: Api) -> None:
    api.answer = lambda asked: Reply({"orders": [record(0)]})
    door = door_of(tmp_path, api, parameters={"from": "{since_date}"}, starts_on="2026-06-01")
    door.run(D1)
    section = {"parameters": {"from": "{since_date}", "state": "any"}, "starts_on": "2026-06-01"}
    door.configure(shop_orders=source(api, **section))
    door.extract(D1)  # what it asks has changed, and the night is open
    assert api.parameter("from") == ["2026-06-01"] * 2


def test_a_night_goes_on_at_the_page_where_the_connection_broke(tmp_path: Path, api: Api) -> None:
    pages = numbered(6, 2)

    def breaking(asked: Asked) -> Reply:
        reply = pages(asked)
        reply.cut_at = 40 if asked.parameters["page"] == "3" else None
        return reply

    api.answer = breaking
    door = door_of(tmp_path, api, paging={"by": "page"})
    with pytest.raises(TransientError, match="broke off"):
        door.extract(D1)
    unfinished = next(door.paths.inbox.rglob("*.unfinished"))
    with unfinished.open("ab") as file:
        file.write(b'{"half": 1}\n' * 1000 + b'{"ha')  # a page that a crash cut off
    api.answer = pages
    api.asked.clear()
    door.extract(D1)
    assert (ids(door), api.parameter("page")) == (first_orders(6), ["3", "4"])


def test_another_question_does_not_go_on_with_an_unfinished_answer(
    tmp_path: Path, api: Api
) -> None:
    api.answer = lambda asked: Reply(
        {"orders": [record(int(asked.parameters["page"]))]},
        status=503 if asked.parameters["page"] == "3" else 200,
    )
    door = door_of(tmp_path, api, paging={"by": "page"})
    with pytest.raises(TransientError, match="answers 503"):
        door.extract(D1)
    api.asked.clear()
    api.answer = numbered(3, 2)
    door.configure(shop_orders=source(api, paging={"by": "page"}, parameters={"state": "any"}))
    door.extract(D1)
    assert (ids(door), api.parameter("page")) == (first_orders(3), ["1", "2", "3"])


def test_an_expired_cursor_begins_the_night_anew(tmp_path: Path, api: Api) -> None:
    def answer(asked: Asked) -> Reply:
        at = int(asked.parameters.get("cursor", 0))
        return Reply({"orders": [record(at)], "next": at + 1}, status=500 if at == 2 else 200)

    api.answer = answer
    door = door_of(tmp_path, api, paging={"by": "cursor", "next": "next"})
    with pytest.raises(TransientError):
        door.extract(D1)
    api.asked.clear()
    api.answer = lambda asked: (
        Reply({"error": "cursor expired"}, status=410)
        if "cursor" in asked.parameters
        else Reply({"orders": [record(7)]})
    )
    door.extract(D1)
    assert (ids(door), api.parameter("cursor")) == (["O7"], ["2", None])


@pytest.mark.parametrize(
    ("status", "kind", "told"),
    [(404, SourceError, r"404.*It says: gone"), (500, TransientError, r"answers 500; asked once")],
)
def test_a_failing_api_does_not_keep_another_source_from_landing(
    tmp_path: Path, api: Api, status: int, kind: type[Exception], told: str
) -> None:
    gone, there = Reply({"error": "gone"}, status=status), Reply({"orders": [record(0)]})
    api.answer = lambda asked: gone if asked.path == "/gone" else there
    broken, sound = source(api), source(api)
    broken["rest"]["url"] = f"{api.url}/gone"
    door = FrontDoor(tmp_path, broken=broken, shop_orders=sound)
    with pytest.raises(kind, match=f"source 'broken'.*{told}"):
        door.extract(D1)
    assert ids(door) == first_orders(1)


def test_a_busy_api_and_a_broken_one_are_told_together(tmp_path: Path, api: Api) -> None:
    api.answer = lambda asked: Reply(status=503 if asked.path == "/busy" else 404)
    busy, broken = source(api), source(api)
    busy["rest"]["url"] = f"{api.url}/busy"
    door = FrontDoor(tmp_path, busy=busy, broken=broken)
    with pytest.raises(SourceError, match=r"(?s)'busy'.*503.*'broken'.*404"):
        door.extract(D1)


def examples() -> dict[str, dict[str, Any]]:
    """The sources that the connector's page shows, by name."""
    found: dict[str, dict[str, Any]] = {}
    for block in PAGE.read_text(encoding="utf-8").split("```yaml\n")[1:]:
        found |= yaml.safe_load(block.split("```")[0])["sources"]
    return found


def test_the_example_of_the_page_lands_and_loads(tmp_path: Path, api: Api) -> None:
    shown = examples()["shop_orders"]
    shown["rest"]["url"] = shown["rest"]["url"].replace("https://api.shop.example", api.url)
    rows = [
        {"number": n, "placed_at": "2026-06-30T10:00:00Z", "state": "paid", "total": {"gross": 9.5}}
        | {"customer": {"email": f"p{n}@shop.example"}}
        for n in range(3)
    ]
    api.answer = lambda asked: Reply(
        {"data": {"orders": rows if asked.parameters["page"] == "1" else []}}
    )
    door = FrontDoor(tmp_path, shop_orders=shown)
    assert door.run(D1).rows == 3
    sent = api.asked[0]
    assert sent.headers["authorization"] == "Bearer t0p-secret"
    assert sent.parameters["updated_before"] == "2026-06-30T22:00:00Z"


def test_every_example_of_the_page_is_a_valid_configuration(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path, **examples())
    found = {name for name, s in door.shop.sources.items() if s.connector == "rest"}
    assert found >= {"shop_orders", "klaviyo_opens", "mailchimp_members"}


def page_like(kind: str) -> Callable[[Asked], Reply]:
    """Answers in the shape that the public documentation of a tool describes."""

    def klaviyo(asked: Asked) -> Reply:
        event = {
            "type": "event",
            "id": "E1" if "page[cursor]" not in asked.parameters else "E2",
            "attributes": {
                "datetime": "2026-06-30 10:00:00+00:00",
                "event_properties": {"Campaign Name": "Spring", "$message": "M1"},
            },
            "relationships": {"profile": {"data": {"type": "profile", "id": "P1"}}},
        }
        following = None if "page[cursor]" in asked.parameters else "?page%5Bcursor%5D=abc"
        return Reply({"data": [event], "links": {"next": following}})

    def mailchimp(asked: Asked) -> Reply:
        start = int(asked.parameters["offset"])
        members = [
            {
                "id": f"M{n}",
                "email_address": f"m{n}@shop.example",
                "last_changed": "2026-06-30T10:00:00+00:00",
                "merge_fields": {"FNAME": "Ada", "LNAME": "Byron"},
            }
            for n in range(start, min(start + 2, 3))
        ]
        return Reply({"members": members, "list_id": "L", "total_items": 3})

    return {"klaviyo_opens": klaviyo, "mailchimp_members": mailchimp}[kind]


@pytest.mark.parametrize(("kind", "count"), [("klaviyo_opens", 2), ("mailchimp_members", 3)])
def test_answers_shaped_like_those_of_known_tools_land_and_load(
    tmp_path: Path, api: Api, monkeypatch: pytest.MonkeyPatch, kind: str, count: int
) -> None:
    for name in ("KLAVIYO_KEY", "MAILCHIMP_USER", "MAILCHIMP_KEY"):
        monkeypatch.setenv(name, name.lower())
    shown = examples()[kind]
    host = shown["rest"]["url"].split("/")[2]
    shown["rest"]["url"] = shown["rest"]["url"].replace(f"https://{host}", api.url)
    shown["rest"].pop("requests_per_second", None)
    api.answer = page_like(kind)
    door = FrontDoor(tmp_path, **{kind: shown})
    door.extract(D1)
    assert sum(p.files[0].records for p in door.landed(kind)) == count
    door.load(D1, unaudited)
    loaded = door.rows(f"select count(*) from raw.{shown['entity']}")
    assert loaded == [(count,)]
