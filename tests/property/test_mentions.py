"""A record names an erased person wherever and however it does, and nobody is taken for another."""

import csv
import io
import json
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.sources.mentions import Erased

local = st.text("abyz019._+-'/é", min_size=1, max_size=9)
emails = st.builds(lambda a, b: f"{a}@{b}.example", local, st.text("abz09é-", min_size=1))
texts = st.text("ab01 ,;|\"'\\/@.:{}[]\né€", max_size=12)
ids = st.from_regex(r"[A-Z]{0,2}[0-9]{1,5}", fullmatch=True)
others = st.text("ab xyz.-", max_size=6)


def line(*values: str, delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(values)
    return out.getvalue()


def shouted(text: str) -> str:
    return "".join(c.upper() if c.isascii() else c for c in text)


@given(emails, st.lists(emails, max_size=3), texts, texts)
def test_an_address_is_found_in_every_dress(
    email: str, more: list[str], before: str, after: str
) -> None:
    erased = Erased({"email": [email, *more]})
    around = f"{before}{email}{after}"
    escaped = "".join(f"\\u{ord(c):04X}" for c in email)
    dresses = [
        around,
        shouted(around),
        line(before, email, after),
        line(before, f"a {around} z", delimiter=";"),
        json.dumps({"order_id": before, "extra": {"note": around}}),
        json.dumps({"note": json.dumps({"mail": email})}),
        json.dumps({"note": email}, ensure_ascii=False).replace("/", "\\/")[:-1],
        f'{{"page": "/?e={quote(email, safe="")}&x=1", ',
        f"{before}{escaped}{after}",
    ]
    assert [dress for dress in dresses if not erased.is_named_in(dress)] == []


@given(emails, st.lists(others, max_size=4), st.sampled_from(",;\t|"))
def test_an_address_that_is_not_there_is_not_found(
    email: str, values: list[str], delimiter: str
) -> None:
    part, _, domain = email.partition("@")
    text = line(*values, part, domain, f"{part}@other", delimiter=delimiter)
    assert not Erased({"email": [email]}).is_named_in(text)


@given(ids, st.lists(ids, max_size=3), others, others, st.sampled_from(",;\t|§"))
def test_a_contact_id_is_found_as_a_whole_value(
    contact_id: str, more: list[str], before: str, after: str, delimiter: str
) -> None:
    erased = Erased({"contact": [contact_id, *more]}, ",;\t|§")
    number = int(contact_id) if contact_id.isdigit() and contact_id[0] != "0" else contact_id
    records = [
        line(before, contact_id, after, delimiter=delimiter),
        delimiter.join((before, f' "{contact_id}" ')),
        contact_id,
        json.dumps({"order_id": before, "contact_id": contact_id}),
        json.dumps({"order_id": before, "extra": {"crm.Contact_ID": number}}),
        json.dumps({"Client no": contact_id, "Total": before}),  # a row of a workbook
        json.dumps({"client": number, "note": before})[:-1],  # cut off
        json.dumps([before, [number]]),
    ]
    assert [record for record in records if not erased.is_named_in(record)] == []


@example("12", "20", "")
@given(ids, st.from_regex(r"[0-9]{1,2}", fullmatch=True), st.sampled_from(["", "-", ".", ":"]))
def test_a_contact_id_within_another_value_is_not_found(
    contact_id: str, other: str, joint: str
) -> None:
    erased = Erased({"contact": [contact_id]})
    longer = [f"{other}{joint}{contact_id}", f"{contact_id}{joint}{other}"]
    records = [
        *(line("x", value, "y") for value in longer),
        *(json.dumps({"contact_id": value}) for value in longer),
        *(json.dumps({"contact_id": "x", "order_id": value}) for value in (contact_id, *longer)),
        json.dumps({"contact_id": "x", "extra": {"points": contact_id}}),
    ]
    assert [record for record in records if erased.is_named_in(record)] == []


@pytest.mark.parametrize("record", ["", "null", "12", "[", '{"a": ' * 2000, "9" * 5000, "\\u"])
def test_any_text_can_be_looked_at(record: str) -> None:
    erased = Erased({"contact": ["x"], "email": ["a@b.example"]})
    assert not erased.is_named_in(record)
    assert not Erased({})
    assert Erased({"contact": ["a,b"]}).is_named_in('1,"a,b",2')
