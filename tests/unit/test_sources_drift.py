"""Columns that vanish, come or get another name, and what a night says of them."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import SourceError
from pipelines.landing import LandedFile, Partition
from pipelines.sources import columns
from pipelines.sources.drift import Drift, Gone, Seen, drift, facts, of, refuse, sentences
from pipelines.sources.prepare import Extract
from pipelines.specs.source import Source
from tests.contract.world import D1, D2, D3, D4, ORDERS

EXTRACT = Extract("web", "orders.csv", Path("orders.csv"))
ALL = ("id", "at", "state", "total", "email", "phone")


def source(**changes: Any) -> Source:
    columns = {ours: theirs for ours, theirs in ORDERS["columns"].items() if ours != "coupon_code"}
    return Source.model_validate({**ORDERS, "columns": columns, **changes})


def partition(day: date, *names: str) -> Partition:
    """A landed partition of one file with those columns."""
    file = LandedFile(
        file="f",
        date=str(day),
        size=1,
        sha256="",
        landed_as="r.parquet",
        landed_sha256="",
        first_line=2,
        records_read=1,
        records=1,
        quarantined=0,
        rejects=0,
        set_aside=0,
        added=0,
        values_dropped=0,
        columns=names,
        unknown_columns=(),
    )
    return Partition("web", "orders", day, "", "", ("order_id",), "rejects.parquet", (file,))


def seen(day: date, *names: str) -> Seen:
    return Seen(day, frozenset(names))


def test_a_column_that_is_gone_is_told_with_the_day_of_the_first_extract_without_it() -> None:
    before = [seen(D1, *ALL), seen(D2, *ALL[:-1], "mobile_phone"), seen(D3, *ALL[:-1])]
    found = drift(source(), before, seen(D4, *ALL[:-1], "phone_number"))
    assert found.gone == (Gone("phone", D2, "phone_number"),)
    assert found.new == (("phone_number", None),)
    assert list(sentences("web", source(), found)) == [
        "source 'web': column 'phone' is gone since 2026-07-02; nearest: 'phone_number'; phone is "
        "empty meanwhile: have the column back, or correct the mapping",
        "source 'web': new columns, which nothing maps: 'phone_number'",
    ]
    assert drift(source(), [seen(D1, *ALL)], seen(D2, *ALL[:-1])).gone == (Gone("phone", D2, None),)


def test_a_column_that_comes_back_is_not_gone_and_not_new() -> None:
    before = [seen(D1, *ALL, "note"), seen(D2, *ALL[:-1])]
    assert drift(source(), before, seen(D3, *ALL, "note")) == Drift()


def test_a_column_that_was_never_there_is_a_mistake_of_the_mapping() -> None:
    present = [*ALL[:-1], "phon"]
    for held in ([], [partition(D1, *present)]):
        found = of(source(), partition(D2, *present), held)
        assert (found.never, found.gone) == (("phone",), ())
        with pytest.raises(SourceError, match=r"missing column 'phone' \(nearest: 'phon'\)"):
            refuse(EXTRACT, source(), partition(D2, *present), held)
    refuse(EXTRACT, source(), partition(D2, *ALL), [])


def test_of_a_first_extract_nothing_is_new() -> None:
    assert drift(source(), [], seen(D1, *ALL, "note")) == Drift()


def test_an_unmapped_column_with_another_name_is_told_as_such() -> None:
    found = drift(source(), [seen(D1, *ALL, "gift_note")], seen(D2, *ALL, "giftnote", "weight"))
    assert found.new == (("giftnote", "gift_note"), ("weight", None))
    (told,) = sentences("web", source(), found)
    assert told.endswith("maps: 'giftnote' (was 'gift_note'?), 'weight'")


def test_a_key_that_records_leave_away_is_gone_only_when_another_name_has_come() -> None:
    lines = source(format="jsonl", path="{date}.jsonl")
    assert drift(lines, [seen(D1, *ALL)], seen(D2, *ALL[:-1])) == Drift()
    assert drift(lines, [], seen(D2, *ALL[:-1])) == Drift()
    found = drift(lines, [seen(D1, *ALL)], seen(D2, *ALL[:-1], "phone_no"))
    assert found.gone == (Gone("phone", D2, "phone_no"),)
    assert found.new == (("phone_no", "phone"),)


def test_what_was_seen_is_read_from_a_manifest() -> None:
    assert Seen.of(partition(D1, "id", "total", "note")) == seen(D1, "id", "total", "note")


def test_the_facts_of_a_run_name_source_and_column() -> None:
    found = Drift(gone=(Gone("phone", D2, None),), new=(("note", None),))
    assert facts({"web": found, "till": Drift()}) == {
        "gone_columns": "web.phone",
        "new_columns": "web.note",
    }
    assert facts({"till": Drift()}) == {"gone_columns": "", "new_columns": ""}


def test_a_file_without_an_optional_column_is_read_with_the_others() -> None:
    read = columns.there(EXTRACT, source(), list(ALL[:-1]))
    assert read.columns == {o: t for o, t in source().columns.items() if o != "phone"}


def test_a_file_without_a_required_column_is_refused() -> None:
    with pytest.raises(SourceError, match=r"missing column 'total' \(nearest: 'totals'\); found 5"):
        columns.there(EXTRACT, source(), ["id", "at", "state", "totals", "email"])


def test_a_file_without_any_column_of_a_needed_group_is_refused() -> None:
    mapped = {"contact_id": "c", "email": "mail", "reason": "why"}
    exclusions = source(entity="exclusions", columns=mapped)
    assert columns.there(EXTRACT, exclusions, ["mail", "why"]).columns == {
        "email": "mail",
        "reason": "why",
    }
    with pytest.raises(SourceError, match="missing columns 'c', 'mail'"):
        columns.there(EXTRACT, exclusions, ["why"])
    only = source(entity="exclusions", columns={"email": "mail"}, constants={"reason": "vip"})
    with pytest.raises(SourceError, match="missing column 'mail'"):
        columns.there(EXTRACT, only, ["why"])


def test_a_column_that_is_there_twice_is_refused_even_when_it_is_optional() -> None:
    with pytest.raises(SourceError, match="column 'phone' is there 2 times"):
        columns.there(EXTRACT, source(), [*ALL, "phone"])


@pytest.mark.parametrize(
    ("column", "found", "near"),
    [
        ("phone", ["Phone "], "Phone "),
        ("phone", ["customer_phone", "id"], "customer_phone"),
        ("at", ["status", "state"], None),
        ("email", ["ann@email.example"], None),
    ],
)
def test_the_nearest_name_is_one_that_the_column_may_have_become(
    column: str, found: list[str], near: str | None
) -> None:
    assert columns.near(column, found) == near
