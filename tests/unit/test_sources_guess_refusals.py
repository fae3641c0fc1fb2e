"""What the first configuration does not take for what its name says: cards that pay, refunds that
are told elsewhere, numbers of other people; and what it then says of it."""

from pathlib import Path

import yaml

from tests.unit.guess_world import day, drafted, lines, orders, people, rows, shop, sources


def test_a_card_that_pays_is_no_loyalty_card(tmp_path: Path) -> None:
    pays = ",card_number,card_cvv2"
    text = drafted(tmp_path, **shop(orders=orders(pays, lambda n: f",{4000 + n},12{n % 10}")))
    assert "loyalty_id" not in yaml.safe_load(text)["sources"]["orders"]["columns"]
    assert "CHECK: card_number, card_cvv2: looks like a payment card" in text
    loyal = drafted(tmp_path, **shop(orders=orders(",card_number", lambda n: f",{4000 + n}")))
    assert "loyalty_id: card_number" in loyal
    assert "payment card" not in loyal


def test_what_is_always_empty_identifies_nothing(tmp_path: Path) -> None:
    def mapped(name: str, value: str) -> bool:
        found = sources(tmp_path, **shop(orders=orders(f",{name}", lambda n: f",{value % n}")))
        return "loyalty_id" in found["orders"]["columns"]

    assert mapped("loyalty_card", "L%07d")
    assert not mapped("loyalty_card", "%.0s")
    assert mapped("loyalty_id", "%.0s"), "called exactly so, it may be filled one day"


def test_a_part_given_back_is_no_refund(tmp_path: Path) -> None:
    def state(n: int) -> str:
        return {3: "refunded", 5: "partially_refunded"}.get(n % 10, "paid")

    found = sources(tmp_path, **shop(orders=orders(",payment_state", lambda n: f",{state(n)}")))
    assert found["orders"]["overrides"] == {"status": {"payment_state": {"refunded": "refunded"}}}


def test_codes_are_not_guessed_as_refunds_that_another_column_tells(tmp_path: Path) -> None:
    def code(n: int) -> str:
        return "20" if n % 11 == 0 else "40" if n % 7 == 0 else "30"

    more = ",paid_at,payment_status_id,refunded_amount"

    def row(n: int) -> str:
        back = f"40,{n}.50" if n % 13 == 0 else "30,0.00"
        return f",{'' if code(n) == '40' else day(3 * n) + ' 11:00:00'},{back}"

    said = orders(more, row).split("\n")
    coded = [line.replace("complete", code(n)) for n, line in enumerate(said)]
    found = sources(tmp_path, **shop(orders="\n".join(coded)))["orders"]
    assert found["overrides"] == {"status": {"payment_status_id": {"40": "refunded"}}}
    assert found["values"]["status"] == {"20": "paid", "30": "completed", "40": "cancelled"}


def test_numbers_of_another_list_are_not_those_of_the_customers(tmp_path: Path) -> None:
    """The numbers of a mailing list run on where those of the customers end."""
    listed = rows("id,contact_id,opt_out", 36, lambda n: f"{n + 500},{n},f")
    mails = rows("id,email,updated_at", 36, lambda n: f"{n},m{n}@x.fr,2026-06-01 10:00:00")
    text = drafted(
        tmp_path,
        orders=orders(),
        order_items=lines(),
        customers=people(),
        mailing_contact=mails,
        mailing_subscription=listed,
    )
    read = yaml.safe_load(text)["sources"]
    assert "contact_id" not in read.get("mailing_subscription", {}).get("columns", {})
    assert "100.0% of its values are id of 'mailing contact', 83.3% of" in text
    assert "# Missing: consents" in text
    assert "By their names these may tell: mailing_subscription.csv." in text
