"""A value that is taken as it is written is the one that the careful conversion gives."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.sources import convert, phones
from pipelines.sources.engine import quoted
from pipelines.sources.rows import Account, Rows
from pipelines.specs.contract import ENTITIES, Column, Entity, Kind
from pipelines.specs.source import Source
from tests.contract.world import ORDERS

DIGITS = st.text("0123456789", max_size=21)
PARTS = [
    "", " ", "\t", "\u00a0", "'", "-", "+", ".", ",", ":", "T", "Z", "e", "1", "0", "12", "2026",
    "2026-07-01", "0000-00-00", "10:30", "10:30:15", ".123456789", "+02:00", "-0500", "+99:00",
    "12.50", "1 234", "1e3", "1_0", "NULL", "true", "oui", "a@b.fr", "A@B.fr", "mailto:", "é",
    "0612345678", "paid", "inf", "nan",
]  # fmt: skip
TEXTS = st.one_of(
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=5).map("".join),
    DIGITS,
    st.builds("{}.{}".format, DIGITS, DIGITS),
    st.builds("-{},{}".format, DIGITS, DIGITS),
)
SETTINGS: list[dict[str, Any]] = [
    {},
    {"decimal": ",", "thousands": " "},
    {"decimal": ",", "thousands": "."},
    {"thousands": ","},
    {"empty_values": ["NULL", "0000-00-00", "0"]},
    {"round_amounts": True},
    {"minor_units": True, "thousands": ","},
    {"timestamp_format": "epoch_seconds", "date_format": "%Y-%m-%d"},
    {"values": {"status": {"1": "paid", "é": "shipped"}}},
]


def no_account(_: Path) -> Account:
    return Account(0, [], (), ())


def column(kind: Kind, entity: Entity = ENTITIES["orders"]) -> Column:
    if kind is Kind.TEXT:
        return entity.column("status")
    return Column("status", kind)


@pytest.mark.parametrize("changes", SETTINGS, ids=str)
@settings(deadline=None, max_examples=15)
@given(texts=st.lists(TEXTS, min_size=100, max_size=200))
def test_what_is_taken_as_written_is_what_it_would_have_become(
    changes: dict[str, Any], texts: list[str]
) -> None:
    source = Source.model_validate({**ORDERS, **changes})
    rows = Rows("given", {"status": "VARCHAR"}, no_account)
    pairs = []
    for kind in Kind:
        asked = column(kind)
        careful = convert.text(asked, source, rows.types)
        value = convert.value(asked, careful, source, rows, "Europe/Paris").sql
        of_text = convert.careful(kind, careful, source, "Europe/Paris").sql
        pairs += [f"{value} is not distinct from {of_text}"]
    listed = ", ".join(f"({quoted(text)})" for text in texts)
    con = duckdb.connect()
    con.execute("load icu; set TimeZone = 'UTC'")
    phones.register(con, "FR")
    con.execute(f'create table given as from (values {listed}) t("status")')
    wrong = con.execute(
        f"select status, [{', '.join(pairs)}] as same from given where list_contains(same, false)"
    ).fetchall()
    con.close()
    assert [
        (text, [k for k, s in zip(Kind, same, strict=True) if not s]) for text, same in wrong
    ] == []


@settings(deadline=None, max_examples=40)
@given(cents=st.lists(st.integers(-10_000_000, 10_000_000), min_size=1, max_size=30))
def test_amounts_that_were_reckoned_in_binary_fractions_are_what_they_stand_for(
    cents: list[int],
) -> None:
    """25.900000000000002 is 25.90, as text and as a floating-point column; 25.90001 is none."""
    source = Source.model_validate(ORDERS)
    asked = column(Kind.AMOUNT)
    con = duckdb.connect()
    con.execute("create table given (held double, written varchar, right_one decimal(18, 4))")
    dusty = [cent * 0.01 for cent in cents]
    rows = [*zip(dusty, cents, strict=True), (sum(dusty), sum(cents))]
    con.executemany(
        "insert into given values (?, ?, ?::decimal(18, 4) / 100)",
        [(held, repr(held), whole) for held, whole in rows],
    )
    for field, kind in (("held", "DOUBLE"), ("written", "VARCHAR")):
        of = Rows(f'(select {field} as "status" from given)', {"status": kind}, no_account)
        value = convert.value(asked, convert.text(asked, source, of.types), source, of, "UTC").sql
        wrong = con.execute(
            f'select written, {value} from (select {field} as "status", * from given)'
            f" where ({value}) is distinct from right_one and written not like '%e%'"
        ).fetchall()
        assert wrong == []
        unlike = con.execute(
            f'select {value} from (select (held + 0.00001)::{kind} as "status" from given)'
        ).fetchall()
        assert unlike == [(None,)] * len(rows)
    con.close()


WHOLE = st.integers(-(10**16), 10**16)


@settings(deadline=None, max_examples=60)
@given(
    numbers=st.lists(WHOLE, min_size=1, max_size=20),
    fractions=st.lists(st.decimals(-1000, 1000, places=2), max_size=5),
    held_as=st.sampled_from(["VARCHAR", "BIGINT", "DECIMAL(20,2)", "DOUBLE"]),
)
def test_hundredths_become_the_exact_amount_and_fractions_of_them_nothing(
    numbers: list[int], fractions: list[Decimal], held_as: str
) -> None:
    source = Source.model_validate({**ORDERS, "minor_units": True})
    amount = column(Kind.AMOUNT)
    rows = Rows("given", {"status": held_as}, lambda _: Account(0, [], (), ()))
    value = convert.value(
        amount, convert.text(amount, source, rows.types), source, rows, "Europe/Paris"
    ).sql
    given = [Decimal(n) for n in numbers] + (fractions if held_as != "BIGINT" else [])
    listed = ", ".join(f"({n}, {quoted(str(n))}::{held_as})" for n in given)
    con = duckdb.connect()
    con.execute(f'create table given as from (values {listed}) t(number, "status")')
    for number, found in con.execute(f"select number, {value} from given").fetchall():
        is_whole = number == int(number)
        is_kept = is_whole and abs(number) < 10**16  # 18 digits, four of them decimals
        assert found == (Decimal(int(number)) / 100 if is_kept else None), number
    con.close()


AMOUNTS = st.decimals(-(10**13), 10**13, places=4)
PIECES = st.decimals(-(10**6), 10**6, places=3)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(AMOUNTS, PIECES), min_size=1, max_size=20))
def test_the_price_of_one_is_the_lines_total_by_its_quantity_rounded_once(
    lines: list[tuple[Decimal, Decimal]],
) -> None:
    total, quantity = (convert.Value(name, ()) for name in ("total", "quantity"))
    price = convert.per_unit(total, quantity).sql
    listed = ", ".join(f"({t}::decimal(18, 4), {q}::decimal(18, 3))" for t, q in lines)
    con = duckdb.connect()
    query = f"select total, quantity, {price} from (values {listed}) t(total, quantity)"
    for whole, pieces, found in con.execute(query).fetchall():
        with localcontext(prec=60):
            exact = None if not pieces else whole / pieces
            if exact is not None:
                exact = exact.quantize(Decimal("0.0001"), ROUND_HALF_UP)
        is_kept = exact is not None and abs(exact) < 10**14
        assert found == (exact if is_kept else None), (whole, pieces)
    con.close()
