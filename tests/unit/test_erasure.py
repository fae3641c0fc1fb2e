"""People who asked to be erased leave everything; who shares an address with them loses nothing."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines import steps, transform, warehouse
from pipelines.activation import documents, erase_exports
from pipelines.compact import compact
from pipelines.erasure import Kept, keys, texts
from pipelines.erasure.purge import tables as tables_of
from pipelines.errors import NocturneError
from pipelines.settings import Machine, Paths
from tests.decoded import traces_of

D1, D2, D3 = date(2026, 7, 1), date(2026, 7, 2), date(2026, 7, 3)
COLUMNS = {
    "contacts": "contact_id,updated_at,created_at,email,phone,first_name,birth_date",
    "orders": "order_id,ordered_at,status,total_amount,updated_at,contact_id,email,visitor_id",
    "order_lines": "order_id,line_number,product_id,quantity,unit_price",
    "consents": "contact_id,email,channel,status,changed_at,purpose",
    "campaigns": "campaign_id,name,channel",
    "campaign_sends": "campaign_id,contact_id,email,sent_at,send_id",
    "campaign_events": "campaign_id,send_id,email,event_name,occurred_at",
    "web_events": "event_id,occurred_at,visitor_id,event_name,contact_id,page",
    "exclusions": "email,reason",
    "erasure_requests": "contact_id,email,requested_at",
}
FIRST = {
    "contacts": """
K100001,2026-05-01,2026-05-01,home@mail.example,+33612345601,Ann,1980-01-01
K100002,2026-05-02,2026-05-02,home@mail.example,+33612345602,Bob,1981-02-02
K100003,2026-05-03,2026-05-03,Cleo.Gone+x@gmail.com,+33612345603,Cleo,1982-03-03
K100004,2026-05-04,2026-05-04,dan@mail.example,,Dan,1983-04-04
K100005,broken,2026-05-04,cleo.gone@gmail.com,,Cleo,1983-04-04""",
    "orders": """
ORD-A1,2026-06-01 10:00:00,paid,10,2026-06-01,K100001,home@mail.example,vis-ann
ORD-B1,2026-06-02 10:00:00,paid,20,2026-06-02,K100002,home@mail.example,vis-bob
ORD-C1,2026-06-03 10:00:00,paid,30,2026-06-03,K100003,,vis-cleo
ORD-C2,2026-06-04 10:00:00,paid,40,2026-06-04,,cleogone@gmail.com,
ORD-D1,2026-06-05 10:00:00,paid,50,2026-06-05,K100004,,kiosk
ORD-C9,2026-06-05 10:00:00,odd,50,2026-06-05,,cleo.gone@gmail.com,""",
    "order_lines": """
ORD-A1,1,P1,1,10
ORD-B1,1,P1,1,20
ORD-C1,1,P1,1,30
ORD-C2,1,P1,1,40
ORD-D1,1,P1,1,50""",
    "consents": """
K100003,,email,granted,2026-05-03 10:00:00,marketing
K100003,,email,objected,2026-06-03 10:00:00,profiling
K100002,,email,granted,2026-05-03 10:00:00,marketing
K100004,,email,withdrawn,2026-05-03 10:00:00,marketing""",
    "campaigns": "\nSPRING,Spring,email",
    "campaign_sends": """
SPRING,K100003,,2026-06-10 10:00:00,snd-c
SPRING,K100002,,2026-06-10 10:00:00,snd-b
SPRING,K100001,,2026-06-10 10:00:00,snd-a""",
    "campaign_events": """
SPRING,snd-c,,complaint,2026-06-11 10:00:00
SPRING,snd-c,,delivered,2026-06-10 11:00:00
SPRING,snd-c,,bounce,2026-06-12 10:00:00
SPRING,snd-b,,open,2026-06-11 10:00:00""",
    "web_events": """
ev1,2026-06-12 10:00:00,vis-cleo,sign_in,K100003,/
ev2,2026-06-12 11:00:00,vis-cleo,page_view,,/shoes
ev3,2026-06-13 10:00:00,kiosk,sign_in,K100003,/
ev4,2026-06-13 11:00:00,kiosk,sign_in,K100004,/
ev5,2026-06-14 10:00:00,vis-bob,sign_in,K100002,/
ev6,2026-06-14 10:05:00,vis-bob,page_view,,/share?to=cleogone%40gmail.com""",
    "exclusions": "\ncleogone@gmail.com,vip",
}
ASKED = """
K100001,,2026-07-01 09:00:00
,cleogone@googlemail.com,2026-07-01 09:00:00"""
# Cleo after her request: an order of before it, one of after it, and her old record again.
SECOND = {
    "erasure_requests": ASKED,
    "orders": """
ORD-C3,2026-06-30 10:00:00,paid,60,2026-06-30,,cleogone@gmail.com,
ORD-D2,2026-07-01 10:00:00,paid,70,2026-07-01,K100004,,""",
}
THIRD = {
    "erasure_requests": ASKED,
    "contacts": "\nK100003,2026-05-03,2026-05-03,cleogone@gmail.com,,Cleo,1982-03-03",
    "orders": """
ORD-C2,2026-06-04 10:00:00,paid,40,2026-06-04,,cleogone@gmail.com,
ORD-C4,2026-07-02 10:00:00,paid,80,2026-07-02,,Cleo.Gone@gmail.com,
ORD-D3,2026-07-02 10:00:00,paid,90,2026-07-02,K100004,,""",
    "order_lines": "\nORD-C1,1,P1,1,30\nORD-C4,1,P1,1,80",
}
GONE = {
    "K100001", "K100003", "K100005", "+33612345601", "+33612345603", "cleogone@gmail.com",
    "cleo.gone", "vis-ann", "vis-cleo", "ORD-A1", "ORD-C1", "ORD-C2", "ORD-C3", "ORD-C9", "snd-a",
    "snd-c", "Cleo", *(
        digest(text.encode()).hexdigest()
        for digest in (hashlib.md5, hashlib.sha1, hashlib.sha256)
        for text in ("cleogone@gmail.com", "email|cleogone@gmail.com", "post|K100001")
    ),
    *(
        f"c_{hashlib.md5(profile.encode()).hexdigest()[:16]}"
        for profile in ("contact:K100001", "contact:K100003", "email:cleogone@gmail.com")
    ),
}  # fmt: skip
FACTS = ("identity", "marts")


class Shop:
    """A shop of files, and its nights up to transform."""

    def __init__(self, root: Path, columns: dict[str, str] = COLUMNS) -> None:
        self.root, self.columns = root, columns
        self.config = root / "shop.yml"
        self.paths = Paths(root / "data")
        sources = {
            entity: {
                "entity": entity,
                "path": f"{root}/{entity}_{{date}}.csv",
                "format": "csv",
                "time_zone": "UTC",
                "on_missing": "go_on",
                "columns": {column: column for column in columns.split(",")},
            }
            for entity, columns in self.columns.items()
        }
        content = {
            "shop": "tiny",
            "title": "Tiny",
            "time_zone": "UTC",
            "currency": "EUR",
            "country": "FR",
            "sources": sources,
        }
        self.config.write_text(yaml.safe_dump(content))

    def put(self, day: date, extract: dict[str, str]) -> None:
        for entity, lines in extract.items():
            (self.root / f"{entity}_{day}.csv").write_text(f"{self.columns[entity]}{lines}\n")

    def run(self, day: date, *verbs: str) -> Any:
        for verb in verbs:
            report = steps.run(verb, day, self.config, data_dir=self.paths.data_dir)
        return report

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with warehouse.connect(self.paths, Machine()) as con:
            return con.execute(query).fetchall()

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        tables = self.rows(
            "select schema_name || '.' || table_name from duckdb_tables()"
            f" where schema_name in {FACTS} and table_name <> 'customer_ledger'"
        )
        numbered = ("member", "node_a", "state_id", "cluster_number", "name")
        found = {}
        for (table,) in tables:
            columns = {name for name, *_ in self.rows(f"describe {table}")}
            if table == "marts.web_session_spans":  # what one call looked at
                continue
            if not columns & set(numbered) or table == "identity.identity_cluster_links":
                found[table] = sorted(self.rows(f"from {table}"), key=str)
        return found


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("NOCTURNE_HASH_KEY", "test-key")
        shop = Shop(tmp_path_factory.mktemp("shop"))
        shop.put(D1, FIRST)
        shop.run(D1, "extract", "load", "transform")
        shop.put(D2, SECOND)
        shop.run(D2, "extract", "load")
        shop.after_load = traces_of(shop.paths.data_dir, GONE)  # type: ignore[attr-defined]
        shop.run(D2, "transform")
        yield shop


@pytest.mark.slow
def test_nothing_of_them_stands_in_any_file(shop: Any) -> None:
    assert shop.after_load == {}
    assert traces_of(shop.paths.data_dir, GONE) == {}


@pytest.mark.slow
def test_who_shares_an_address_or_a_browser_loses_nothing(shop: Any) -> None:
    orders = shop.rows("select order_id from marts.orders order by all")
    assert orders == [("ORD-B1",), ("ORD-D1",), ("ORD-D2",)]
    assert shop.rows("select order_id from marts.order_lines order by all") == orders[:2]
    assert shop.rows("select event_id from marts.web_events order by all") == [("ev4",), ("ev5",)]
    visits = shop.rows("select visitor_id, events_count from marts.web_visits order by all")
    assert visits == [("kiosk", 1), ("vis-bob", 1)]
    points = shop.rows(
        "select address, blocked_reason from marts.contact_points where channel = 'email'"
        " order by all"
    )
    assert points == [("dan@mail.example", "withdrawn"), ("home@mail.example", None)]


@pytest.mark.slow
def test_the_books_balance_and_count_them_as_refused(shop: Any) -> None:
    books = shop.rows(
        "select extract_date, records_read, landed, quarantined, refused, no_longer_kept"
        " from ops.books where entity in ('orders', 'contacts') order by entity, extract_date"
    )
    assert books == [
        (D1, 5, 2, 1, 2, 1), (D1, 6, 2, 1, 3, 1), (D2, 2, 1, 0, 1, 0),
    ]  # fmt: skip


@pytest.mark.slow
def test_what_is_derived_equals_what_is_made_anew(shop: Any) -> None:
    before = shop.contents()
    night = steps.open_night(D2, shop.config, shop.paths.data_dir)
    with warehouse.lock(shop.paths):
        transform.transform(night, full_refresh=True)
    assert shop.contents() == before


@pytest.mark.slow
def test_orders_of_others_follow_who_they_are_without_the_erased(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seven give one number, one more than it may tie. Without the first it ties the others:
    nothing that the night brings tells of their orders, which are now one person's."""
    monkeypatch.setenv("NOCTURNE_HASH_KEY", "test-key")
    shop = Shop(tmp_path)
    names = ["Ann", *["Bob"] * 6]  # Ann is another person
    shop.put(
        D1,
        {
            "contacts": "".join(
                f"\nK20000{n},2026-05-0{n},2026-05-0{n},k{n}@mail.example,+33612345609,{name},"
                for n, name in enumerate(names, start=1)
            ),
            "orders": "".join(
                f"\nORD-{n},2026-06-0{n} 10:00:00,paid,10,2026-06-0{n},K20000{n},,"
                for n in range(1, 8)
            ),
        },
    )
    shop.run(D1, "extract", "load", "transform")
    owners = "select count(*), count(distinct customer_id) from marts.orders"
    assert shop.rows(owners) == [(7, 7)]
    shop.put(D2, {"erasure_requests": "\nK200001,,2026-07-01 09:00:00"})
    shop.run(D2, "extract", "load", "transform")
    assert shop.rows(owners) == [(6, 1)]
    assert shop.rows("select orders_count from marts.customer_purchases") == [(6,)]


@pytest.mark.slow
def test_who_comes_back_is_served_and_not_written_to(shop: Any) -> None:
    shop.put(D3, THIRD)
    refused = shop.run(D3, "extract", "load").facts["refused"]
    assert refused == 5  # both requests, the contact, an order and a line of before
    shop.run(D3, "transform")
    orders = shop.rows("select order_id from marts.orders order by all")
    assert orders == [("ORD-B1",), ("ORD-C4",), ("ORD-D1",), ("ORD-D2",), ("ORD-D3",)]
    reasons = shop.rows(
        "select suppression_reason, exclusion_reason, is_profiling_objected, blocked_reason"
        " from marts.contact_points where address = 'cleo.gone@gmail.com'"
    )
    assert reasons == [("complaint", "vip", True, "profiling_objected")]
    kept = shop.rows("select distinct reason from ops.suppressions order by all")
    assert kept == [("bounce",), ("complaint",), ("erased",), ("excluded_vip",), ("objected",)]
    standing = shop.rows(
        "select distinct reason from marts.suppressions join marts.contact_points"
        " using (contact_point_id) where address = 'cleo.gone@gmail.com' and is_standing"
    )
    assert {"bounce", "complaint", "excluded_vip"} <= {reason for (reason,) in standing}


@pytest.mark.slow
def test_every_table_that_may_tell_who_somebody_is_has_a_key(shop: Any) -> None:
    with warehouse.connect(shop.paths, Machine()) as con:
        tables = tables_of(con)
    assert keys.forgotten(tables) == {}
    assert len(tables) > 30
    alike = re.compile("profile|customer|contact|email|phone|loyalty|visitor|address|_name")
    known = {*keys.KEYS, "first_name", "last_name", "loyalty_tier"}
    known |= {"column_name", "product_name", "group_name", "event_name"}
    for table, columns in tables.items():
        if table not in keys.BY_HAND and not keys.is_derived(table):
            texts = {c for c, kind in columns.items() if kind == "VARCHAR" and alike.search(c)}
            texts = {c for c in texts if not c.endswith("_contact_id")}  # where a value is from
            assert texts <= known, table


def test_a_new_table_of_people_without_a_key_is_found() -> None:
    tables = {
        "marts.letters": {"as_of": "DATE", "recipient": "VARCHAR"},
        "marts.visits": {"visitor_id": "VARCHAR", "recipient": "VARCHAR"},
        "ml.sums": {"model": "VARCHAR", "value": "DOUBLE"},
    }
    assert keys.forgotten(tables) == {"marts.letters": ["recipient"]}


def test_texts_lose_whom_they_quote_and_nothing_else() -> None:
    people = Kept(frozenset({"cleogone@gmail.com"}), frozenset({"K100003", "+33612345603", "12"}))
    text = '{"a": "Cleo.Gone+x@gmail.com", "b": "K100003", "n": 12, "c": "K1000031"} +33612345603'
    left = '{"a": "[erased]", "b": "[erased]", "n": 12, "c": "K1000031"} [erased]'
    assert texts.without(text, people) == left
    assert texts.without(left, people) == left


def test_exports_lose_their_rows_and_the_manifest_follows(tmp_path: Path) -> None:
    folder = tmp_path / "exports" / "crm" / "as_of=2026-07-01"
    folder.mkdir(parents=True)
    kept = 'EMAIL;CUSTOMER_ID;NAME\r\ndan@mail.example;c_1;"a\nb"\r\n'
    (folder / "scores.csv").write_text(
        f"{kept}Cleo.Gone@gmail.com;c_2;x\r\nx@y.example;c_3;x\r\n", newline=""
    )
    listed = {"file": "scores.csv", "rows": 3, "bytes": 1, "sha256": ""}
    (folder / "manifest.json").write_text(json.dumps({"files": [listed]}))
    paths = Paths(tmp_path)
    with warehouse.connect(paths, Machine()) as con:
        con.execute(
            "insert into activation.exports values"
            " ('2026-07-01', 'crm', 'scores.csv', 3, ''),"
            " ('2026-07-01', 'crm', 'manifest.json', 1, '')"
        )
        gone = erase_exports(con, paths, {"cleogone@gmail.com"}, {"c_3"})
        recorded = con.execute("select rows, sha256 from activation.exports order by rows, file")
        rows = recorded.fetchall()
    assert gone == 2
    assert (folder / "scores.csv").read_bytes().decode() == kept
    [one] = documents.read_manifest(folder / "manifest.json")
    digest = hashlib.sha256(kept.encode()).hexdigest()
    assert (one.rows, one.bytes, one.sha256) == (1, len(kept), digest)
    manifest = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    assert sorted(rows) == sorted([(1, digest), (1, manifest)])


def test_compaction_keeps_everything_and_forgets_what_was_deleted(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    with warehouse.connect(paths, Machine()) as con:
        con.execute("create table ops.much as select 'secret-' || range as word from range(200000)")
        con.execute("comment on table ops.much is 'Words.'")
        con.execute("create view ops.seen as select * from ops.much")
        con.execute("checkpoint")
        con.execute("delete from ops.much where word <> 'secret-7'")
    (tmp_path / "warehouse" / "nocturne.duckdb.compacted").write_bytes(b"left by a kill")
    before, after = compact(paths, Machine())
    assert after < before
    assert b"secret-1999" not in paths.warehouse.read_bytes()
    with warehouse.connect(paths, Machine()) as con:
        assert con.execute("from ops.seen").fetchall() == [("secret-7",)]
        told = con.execute("select comment from duckdb_tables() where table_name = 'much'")
        assert told.fetchall() == [("Words.",)]


@pytest.fixture(scope="module")
def requested(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A shop whose requests have come and are not loaded; call it to have it as it was."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("NOCTURNE_HASH_KEY", "test-key")
        shop, kept = Shop(tmp_path_factory.mktemp("requested")), tmp_path_factory.mktemp("kept")
        shop.put(D1, FIRST)
        shop.run(D1, "extract", "load", "transform")
        shop.put(D2, SECOND)
        shop.run(D2, "extract")
        shutil.copytree(shop.paths.data_dir, kept / "data")

        def again() -> Shop:
            shutil.rmtree(shop.paths.data_dir)
            shutil.copytree(kept / "data", shop.paths.data_dir)
            return shop

        yield again


@pytest.mark.slow
@pytest.mark.parametrize(
    "step",
    [
        "pipelines.sources.refuse.take_out",
        "pipelines.erasure.purge",
        "pipelines.activation.erase_exports",
        "pipelines.erasure.scrub",
        "pipelines.erasure.finish",
        "pipelines.compact.compact",
    ],
)
def test_an_erasure_that_is_killed_is_finished_by_the_next_run(
    step: str, requested: Callable[[], Shop], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = requested()

    def die(*_: Any, **__: Any) -> Any:
        raise NocturneError("killed")

    with monkeypatch.context() as patched, pytest.raises(NocturneError, match="killed"):
        patched.setattr(step, die)
        shop.run(D2, "load")
    shop.run(D2, "load")
    assert traces_of(shop.paths.data_dir, GONE) == {}
    assert shop.rows("from ops.erasing") == []
