"""The sample shop: the committed files are what the simulator makes, and hold what they should."""

import csv
import gzip
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from benchmarks.shop.settings import Settings
from benchmarks.shop.shop import answer, make

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


def web_events(day: str) -> list[dict[str, Any]]:
    """The lines that are JSON."""
    events = []
    for line in web_lines(day):
        try:
            events.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return events


def test_the_committed_sample_is_what_the_simulator_makes(tmp_path: Path) -> None:
    make(Settings(preset="easy"), tmp_path, tell_truth=False)
    for _ in range(3):
        answer(tmp_path)
    made, committed = content(tmp_path), content(SAMPLE)
    assert made.keys() == committed.keys()
    assert [name for name in made if made[name] != committed[name]] == []


def test_the_sample_stays_under_six_megabytes() -> None:
    size = sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file())
    assert 2_000_000 < size < 6_000_000


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
    assert pairs == {(False, ""), (False, "0.8"), (True, "0.2"), (False, "0.5"), (True, "0.5")}


def test_tonights_campaigns_share_their_themes_with_past_ones() -> None:
    campaigns = rows(FIRST, "campaigns.csv")
    past = {row["theme"] for row in campaigns if row["status"] == "finished"}
    active = [row for row in campaigns if row["status"] == "active"]
    assert Counter(row["channel"] for row in active) == {"email": 6, "sms": 1, "phone": 1}
    assert {row["theme"] for row in active} <= past
    letters = [row for row in campaigns if row["audience"] == "everyone"]
    assert letters
    assert {row["status"] for row in letters} == {"planned"}


class TestAwkwardRows:
    """Each kind that `data/sample/README.md` lists is there."""

    def test_late_orders_arrive_days_after_they_were_placed(self) -> None:
        known = {row["order_number"] for row in rows(FIRST, "orders.csv")}
        late = []
        for before, day in ((FIRST, SECOND), (SECOND, THIRD), (THIRD, FOURTH)):
            new = [row for row in rows(day, "orders.csv") if row["order_number"] not in known]
            known |= {row["order_number"] for row in new}
            late += [
                row["order_number"]
                for row in new
                if row["placed_at"][:10] < before and row["order_number"].startswith("FR2")
            ]
        lines = {
            row["order_number"]
            for day in (SECOND, THIRD, FOURTH)
            for row in rows(day, "order_lines.csv")
        }
        assert late
        assert set(late) <= lines

    def test_orders_are_corrected(self) -> None:
        before = {row["order_number"]: row for row in rows(FIRST, "orders.csv")}
        corrected = [
            row
            for day in (SECOND, THIRD, FOURTH)
            for row in rows(day, "orders.csv")
            if row["order_number"] in before
            and row["total"] != before[row["order_number"]]["total"]
        ]
        assert corrected
        for row in corrected:
            assert row["updated_at"] > before[row["order_number"]]["updated_at"]

    def test_order_lines_are_sent_twice(self) -> None:
        first = [tuple(row.values())[:7] for row in rows(FIRST, "order_lines.csv")]
        assert max(Counter(first).values()) == 2

    def test_web_events_of_three_days_are_sent_again_with_their_ids(self) -> None:
        first = {json.dumps(event) for event in web_events(FIRST)}
        second = {json.dumps(event) for event in web_events(SECOND)}
        assert len(first & second) > 100
        assert second - first

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
        assert len([row for row in orders if None in row]) == 2
        assert len([row for row in orders if row["cancelled_at"] is None]) == 1
        assert len([row for row in rows(FIRST, "contacts.csv") if row["NOM"] is None]) == 1

    def test_web_lines_are_no_json_or_no_event(self) -> None:
        assert len(web_lines(FIRST)) - len(web_events(FIRST)) == 1
        assert len(web_lines(SECOND)) - len(web_events(SECOND)) == 1
        assert "teleport" in {event["event"]["name"] for event in web_events(FIRST)}

    def test_addresses_are_placeholders_mistyped_shared_or_double(self) -> None:
        by_email = Counter(row["EMAIL"] for row in rows(FIRST, "contacts.csv") if row["EMAIL"])
        assert by_email["test@test.com"] > 1
        assert [email for email in by_email if email.endswith(".exmaple")]
        assert len([email for email, count in by_email.items() if count == 2]) > 10

    def test_guests_write_their_address_in_their_own_way(self) -> None:
        written = {row["customer_email"] or "" for row in rows(FIRST, "orders.csv")}
        odd = {email for email in written if email != email.strip().lower()}
        assert odd
        assert {email.strip().lower() for email in odd} & written

    def test_contacts_hold_odd_text(self) -> None:
        contacts = rows(FIRST, "contacts.csv")
        comments = [row["COMMENTAIRE"] or "" for row in contacts]
        assert [text for text in comments if "\n" in text]
        assert [text for text in comments if "€" in text]
        assert "=1+1" in comments
        assert any("œ" in (row["NOM"] or "") for row in contacts)

    def test_an_unknown_column_turns_up_one_day(self) -> None:
        assert "SEGMENT_AGENCE" not in rows(SECOND, "contacts.csv")[0]
        assert "SEGMENT_AGENCE" in rows(THIRD, "contacts.csv")[0]

    def test_mail_events_hold_bounces_machines_and_stops_unknown_to_the_crm(self) -> None:
        events = rows(FIRST, "campaign_events.csv.gz")
        kinds = Counter((row["event"], row["is_machine"]) for row in events)
        assert kinds["bounce", "false"]
        assert kinds["open", "true"] > kinds["open", "false"]
        assert kinds["click", "false"]
        stopped = {row["contact_id"] for row in events if row["event"] == "unsubscribe"}
        withdrawn = {
            row["ID_CLIENT"] for row in rows(FIRST, "consents.csv") if row["STATUT"] == "Retrait"
        }
        assert stopped & withdrawn
        assert stopped - withdrawn

    def test_people_who_were_erased_are_told_and_some_are_back(self) -> None:
        contacts = rows(FIRST, "contacts.csv")
        erased = {row["EMAIL"] for row in contacts if row["SUPPRIME"] == "O"}
        assert erased
        assert erased & {row["EMAIL"] for row in contacts if row["SUPPRIME"] == "N"}

    def test_a_tablet_is_shared_and_refusing_visitors_have_a_new_id_each_time(self) -> None:
        people: dict[str, set[str]] = {}
        sessions: dict[str, set[str]] = {}
        for event in web_events(FIRST):
            if "user" in event and "id" in event["user"]:
                people.setdefault(event["visitor"], set()).add(event["user"]["id"])
            if event.get("consent") == "denied":
                sessions.setdefault(event["visitor"], set()).add(event["session"])
        assert max(len(ids) for ids in people.values()) > 2
        assert Counter(len(seen) for seen in sessions.values()).most_common(1)[0][0] == 1
