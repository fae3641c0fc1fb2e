"""The sample shop: its generator is repeatable, and the committed files are what it makes."""

import csv
import gzip
import io
import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.shop.extracts import write_extracts
from benchmarks.shop.settings import ShopSettings
from benchmarks.shop.shop import Shop, make_shop

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
FIRST, SECOND, THIRD, FOURTH = "2026-06-29", "2026-06-30", "2026-07-01", "2026-07-02"
FRENCH = ("contacts.csv", "consents.csv")


def content(root: Path) -> dict[str, bytes]:
    """Every extract below a folder, unpacked."""
    files = sorted(path for path in (root / "extracts").rglob("*") if path.is_file())
    return {
        path.relative_to(root).as_posix(): (
            gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        )
        for path in files
    }


def rows(day: str, name: str) -> list[dict[str, str]]:
    """The rows of a committed CSV; cells beyond the header are under the key None."""
    raw = (SAMPLE / "extracts" / day / name).read_bytes()
    text = (gzip.decompress(raw) if name.endswith(".gz") else raw).decode(
        "windows-1252" if name in FRENCH else "utf-8"
    )
    return list(
        csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if name in FRENCH else ",")
    )


def web_lines(day: str) -> list[str]:
    raw = (SAMPLE / "extracts" / day / "web_events.jsonl.gz").read_bytes()
    return gzip.decompress(raw).decode().splitlines()


def web_events(day: str) -> list[dict[str, object]]:
    """The lines that are JSON."""
    events = []
    for line in web_lines(day):
        try:
            events.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return events


@pytest.fixture(scope="module")
def shop() -> Shop:
    return make_shop(ShopSettings(customers=600, seed=3))


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    settings = ShopSettings(customers=200, seed=11)
    write_extracts(make_shop(settings), tmp_path / "one")
    write_extracts(make_shop(settings), tmp_path / "two")
    assert content(tmp_path / "one") == content(tmp_path / "two")


def test_another_seed_gives_another_shop(tmp_path: Path) -> None:
    for seed in (11, 12):
        write_extracts(make_shop(ShopSettings(customers=200, seed=seed)), tmp_path / str(seed))
    one, two = content(tmp_path / "11"), content(tmp_path / "12")
    assert one.keys() == two.keys()
    assert one[f"extracts/{FIRST}/orders.csv"] != two[f"extracts/{FIRST}/orders.csv"]


def test_the_committed_sample_is_what_the_generator_makes(tmp_path: Path) -> None:
    write_extracts(make_shop(ShopSettings()), tmp_path)
    made, committed = content(tmp_path), content(SAMPLE)
    assert made.keys() == committed.keys()
    assert [name for name in made if made[name] != committed[name]] == []


def test_the_sample_stays_under_six_megabytes() -> None:
    size = sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file())
    assert 2_000_000 < size < 6_000_000


def test_there_is_one_folder_per_extract_date(tmp_path: Path) -> None:
    write_extracts(make_shop(ShopSettings(customers=150, extra_days=4)), tmp_path)
    dates = sorted(path.name for path in (tmp_path / "extracts").iterdir())
    assert dates == [FIRST, SECOND, THIRD, FOURTH, "2026-07-03"]


def test_a_shop_too_small_for_its_awkward_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 150"):
        ShopSettings(customers=20)


def test_nobody_orders_before_joining(shop: Shop) -> None:
    assert (shop.orders.placed > shop.created[shop.orders.person]).all()


def test_goods_come_back_after_they_were_bought(shop: Shop) -> None:
    is_return = shop.lines.quantity < 0
    bought = shop.orders.placed[shop.lines.order[is_return]]
    assert is_return.sum() > 20
    assert (shop.lines.occurred[is_return] > bought).all()


def test_nothing_comes_back_that_was_not_bought(shop: Shop) -> None:
    balance: Counter[tuple[int, int]] = Counter()
    for order, product, quantity in zip(
        shop.lines.order.tolist(),
        shop.lines.product.tolist(),
        shop.lines.quantity.tolist(),
        strict=True,
    ):
        balance[order, product] += quantity
    assert min(balance.values()) >= 0


def test_an_order_total_is_its_lines_plus_shipping(shop: Shop) -> None:
    sold = shop.lines.quantity > 0
    total: Counter[int] = Counter()
    for order, amount in zip(
        shop.lines.order[sold].tolist(),
        (shop.lines.unit_price * shop.lines.quantity - shop.lines.discount)[sold].tolist(),
        strict=True,
    ):
        total[order] += amount
    expected = [total[k] + int(shop.orders.shipping[k]) for k in range(shop.orders.count)]
    assert shop.orders.total.tolist() == expected


def test_controls_are_drawn_but_not_mailed(shop: Shop) -> None:
    sends, mailed = shop.history.sends, set(shop.mail.send.tolist())
    controls = [k for k, treated in enumerate(sends.treated.tolist()) if not treated]
    assert controls
    assert not mailed & set(controls)


def test_every_folder_holds_only_what_was_known_by_then() -> None:
    for day in (FIRST, SECOND, THIRD, FOURTH):
        for row in rows(day, "orders.csv"):
            if not row["order_number"].startswith("FR90"):
                assert row["placed_at"][:10] < day
                assert row["updated_at"][:10] < day
        for event in web_events(day):
            assert str(event["ts"]) < f"{day}T00:00:00" or event["ts"] == "yesterday"


def test_randomised_sends_carry_the_probability_of_their_own_arm() -> None:
    pairs = {
        (row["arm"] == "control", row["assignment_probability"])
        for row in rows(FIRST, "campaign_sends.csv.gz")
    }
    assert pairs == {
        (False, ""),
        (False, "0.8"),
        (True, "0.2"),
        (False, "0.5"),
        (True, "0.5"),
    }


def test_tonights_campaigns_share_their_themes_with_past_ones() -> None:
    campaigns = rows(FIRST, "campaigns.csv")
    past = {row["theme"] for row in campaigns if row["status"] == "finished"}
    active = [row for row in campaigns if row["status"] == "active"]
    assert len([row for row in active if row["channel"] == "email"]) == 5
    assert {row["theme"] for row in active} <= past
    assert [row["audience"] for row in campaigns if row["status"] == "planned"] == ["everyone"]


class TestAwkwardRows:
    """Each kind that `data/sample/README.md` lists is there."""

    def test_late_orders_arrive_days_after_they_were_placed(self) -> None:
        known = {row["order_number"] for day in (FIRST, SECOND) for row in rows(day, "orders.csv")}
        late = [
            row["order_number"]
            for row in rows(THIRD, "orders.csv")
            if row["placed_at"].startswith("2026-06-27") and row["order_number"] not in known
        ]
        lines = {row["order_number"] for row in rows(THIRD, "order_lines.csv")}
        assert len(late) == 3
        assert set(late) <= lines

    def test_order_lines_are_sent_twice(self) -> None:
        first = [tuple(row.values()) for row in rows(FIRST, "order_lines.csv")]
        second = [tuple(row.values()) for row in rows(SECOND, "order_lines.csv")]
        assert max(Counter(first).values()) == 2
        assert set(first) & set(second)

    def test_web_events_of_three_days_are_sent_again_with_their_ids(self) -> None:
        first = {json.dumps(event) for event in web_events(FIRST)}
        second = {json.dumps(event) for event in web_events(SECOND)}
        assert len(first & second) > 100
        assert second - first

    def test_orders_are_corrected(self) -> None:
        before = {row["order_number"]: row for row in rows(FIRST, "orders.csv")}
        corrected = [
            row
            for day in (SECOND, THIRD)
            for row in rows(day, "orders.csv")
            if row["order_number"] in before
            and row["total"] != before[row["order_number"]]["total"]
        ]
        assert len(corrected) == 4
        for row in corrected:
            assert row["updated_at"] > before[row["order_number"]]["updated_at"]

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("placed_at", "2026-02-31T10:00:00+01:00"),
            ("placed_at", "2027-01-15T10:00:00+01:00"),
            ("total", "12.9O"),
            ("order_number", ""),
            ("status", "Perdue en mer"),
        ],
    )
    def test_orders_hold_a_bad_value(self, column: str, value: str) -> None:
        assert [row[column] for row in rows(FIRST, "orders.csv")].count(value) == 1

    def test_rows_are_ragged(self) -> None:
        orders = rows(FIRST, "orders.csv")
        assert len([row for row in orders if None in row]) == 1
        assert len([row for row in orders if row["cancelled_at"] is None]) == 1
        assert len([row for row in rows(FIRST, "contacts.csv") if row["NOM"] is None]) == 1

    def test_web_lines_are_no_json_or_no_event(self) -> None:
        assert len(web_lines(FIRST)) - len(web_events(FIRST)) == 1
        assert len(web_lines(SECOND)) - len(web_events(SECOND)) == 1
        names = {event["event"]["name"] for event in web_events(FIRST)}  # type: ignore[index]
        assert "teleport" in names

    def test_addresses_are_placeholders_shared_or_double(self) -> None:
        by_email = Counter(row["EMAIL"] for row in rows(FIRST, "contacts.csv") if row["EMAIL"])
        assert by_email["test@test.com"] == 3
        assert by_email["na@na.fr"] == 2
        assert len([email for email, count in by_email.items() if count == 2]) == 1 + 3 + 5

    def test_guests_write_their_address_in_their_own_way(self) -> None:
        written = {row["customer_email"] or "" for row in rows(FIRST, "orders.csv")}
        odd = {email for email in written if email != email.strip().lower()}
        known = {row["EMAIL"] for row in rows(FIRST, "contacts.csv")}
        assert len(odd) == 6
        assert {email.strip().lower() for email in odd} & known

    def test_contacts_hold_odd_text(self) -> None:
        contacts = rows(FIRST, "contacts.csv")
        assert [row["NOM"] for row in contacts].count("=1+1") == 1
        comments = [row["COMMENTAIRE"] or "" for row in contacts]
        assert len([text for text in comments if "\n" in text]) == 2
        assert len([text for text in comments if "€" in text]) == 4
        assert any("œ" in (row["NOM"] or "") for row in contacts)

    def test_an_unknown_column_turns_up_one_day(self) -> None:
        assert "SEGMENT_AGENCE" in rows(THIRD, "contacts.csv")[0]
        assert "SEGMENT_AGENCE" not in rows(FOURTH, "contacts.csv")[0]

    def test_consent_is_withdrawn_tied_and_objected(self) -> None:
        later = Counter((row["CANAL"], row["STATUT"]) for row in rows(SECOND, "consents.csv"))
        assert later["Email", "Retrait"] == 3
        assert later["Email", "Opposition"] == 1
        said: dict[tuple[str, str, str, str], set[str]] = {}
        for row in rows(FIRST, "consents.csv"):
            key = (row["ID_CLIENT"], row["CANAL"], row["DATE_STATUT"], row["FINALITE"])
            said.setdefault(key, set()).add(row["STATUT"])
        assert [statuses for statuses in said.values() if len(statuses) > 1] == [
            {"Accord", "Retrait"},
            {"Accord", "Retrait"},
        ]

    def test_mail_events_hold_bounces_machines_and_stops_unknown_to_the_crm(self) -> None:
        events = rows(FIRST, "campaign_events.csv.gz")
        kinds = Counter((row["event"], row["is_machine"]) for row in events)
        assert kinds["bounce", "false"] and kinds["open", "true"] and kinds["click", "true"]
        stopped = {row["contact_id"] for row in events if row["event"] == "unsubscribe"}
        withdrawn = {
            row["ID_CLIENT"] for row in rows(FIRST, "consents.csv") if row["STATUT"] == "Retrait"
        }
        assert stopped & withdrawn
        assert stopped - withdrawn

    def test_visits_without_consent_carry_a_user_all_the_same(self) -> None:
        denied = [event for event in web_events(FIRST) if event.get("consent") == "denied"]
        assert len({event["session"] for event in denied if "user" in event}) == 3
