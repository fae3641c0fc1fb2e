"""The simulated shop: repeatable, consistent with its truth, and answering only to what is
imported."""

import shutil
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks.shop import difficulty
from benchmarks.shop.effects import LASTS_DAYS, WITHIN_DAYS, boost, kernel
from benchmarks.shop.extracts import form_of
from benchmarks.shop.parameters import PRESETS, Parameters
from benchmarks.shop.settings import Settings
from benchmarks.shop.shop import PARQUET, answer, make
from tests.nights import bytes_of

DAY = timedelta(days=1)


class TestNothingTellsWhoIsWho:
    """What no tool would know must not stand in the extracts by an accident of the simulator."""

    @pytest.fixture(scope="class")
    def contacts(self, shop: "Shop") -> pl.DataFrame:
        names = shop.truth("identifiers").filter(pl.col("kind") == "contact_id")
        return shop.extract("contacts").join(
            names, left_on="ID_CLIENT", right_on="value", maintain_order="left"
        )

    def test_the_crm_does_not_know_when_nameless_orders_were_placed(
        self, shop: "Shop", contacts: pl.DataFrame
    ) -> None:
        days = shop.extract("orders").select(
            pl.col("order_number"), (pl.col("placed_at").dt.convert_time_zone("Europe/Paris"))
        )
        placed = set(days["placed_at"].dt.replace_time_zone(None).to_list())
        for minutes in range(0, 60, 5):
            near = contacts["DATE_MAJ"].dt.offset_by(f"-{minutes}m").to_list()
            assert len(placed & set(near)) < 0.02 * contacts.height

    def test_the_records_of_one_person_share_no_figure(self, contacts: pl.DataFrame) -> None:
        twice = contacts.filter(pl.len().over("person_id") > 1).sort("person_id", "DATE_CREATION")
        assert twice.height > 20
        for column in ("PANIER_MOYEN", "POINTS"):
            same = twice.group_by("person_id").agg(
                shared=(pl.col(column).n_unique() == 1) & pl.col(column).is_not_null().all()
            )
            assert not same["shared"].any()
        times = twice.group_by("person_id").agg(pl.col("DATE_CREATION").dt.time().n_unique())
        assert times["DATE_CREATION"].min() == 2

    def test_no_order_of_rows_follows_the_person(
        self, shop: "Shop", contacts: pl.DataFrame
    ) -> None:
        number = pl.col("person_id").str.strip_prefix("person-").cast(pl.Int64)
        assert contacts["ID_CLIENT"].is_sorted()
        sends = shop.extract("campaign_sends").join(
            shop.truth("sends"), on="send_id", maintain_order="left"
        )
        orders = shop.extract("orders").join(
            shop.truth("orders"),
            left_on="order_number",
            right_on="order_id",
            maintain_order="left",
        )
        for table in (contacts, sends, orders):
            ascends = table.select(number.diff().drop_nulls() > 0).to_series().mean()
            assert 0.45 < float(ascends) < 0.55  # type: ignore[arg-type]


class Shop:
    """A small shop with its truth, as Parquet."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def extract(self, table: str) -> pl.DataFrame:
        """The table of the first extract."""
        return pl.read_parquet(min((self.root / "extracts").iterdir()) / f"{table}.parquet")

    def truth(self, table: str) -> pl.DataFrame:
        return pl.read_parquet(self.root / "truth" / table / "*.parquet")


@pytest.fixture(scope="module", params=[3, 11])
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    root = tmp_path_factory.mktemp("shop")
    make(Settings(1500, seed=request.param), root, file_format=PARQUET)
    yield Shop(root)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    for name, seed in (("one", 11), ("two", 11), ("other", 12)):
        make(Settings(200, seed=seed), tmp_path / name, file_format=PARQUET)
        answer(tmp_path / name)
    one, two, other = (bytes_of(tmp_path / name) for name in ("one", "two", "other"))
    assert len(one) > 40
    assert one == two
    assert one["truth/orders/2026-06-29.parquet"] != other["truth/orders/2026-06-29.parquet"]


def test_making_a_shop_anew_removes_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    mine = tmp_path / "extracts" / "2025-01-01" / "mine.csv"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")
    make(Settings(150), tmp_path, file_format=PARQUET)
    assert mine.exists()
    mine.unlink()
    answer(tmp_path)
    make(Settings(150), tmp_path, file_format=PARQUET)
    assert [path.name for path in (tmp_path / "extracts").iterdir()] == ["2026-06-29"]


def test_a_setting_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 150"):
        Settings(20)
    with pytest.raises(ValueError, match="allowed: easy, default, hard"):
        Settings(preset="harder")


def test_every_parameter_has_its_anchor() -> None:
    assert [one.name for one in fields(Parameters) if not one.metadata.get("anchor")] == []
    assert list(PRESETS) == ["easy", "default", "hard"]


def test_nobody_orders_before_joining(shop: Shop) -> None:
    people = shop.truth("people").select("person_id", "arrives_on")
    orders = shop.truth("orders").join(people, on="person_id")
    assert orders.height > 500
    assert orders.filter(pl.col("ordered_at").dt.date() < pl.col("arrives_on")).is_empty()


def test_goods_come_back_after_they_were_bought_and_none_that_was_not(shop: Shop) -> None:
    lines = shop.extract("order_lines").unique(["order_number", "line"])
    back = lines.filter(pl.col("qty") < 0)
    assert back.height > 20
    placed = shop.extract("orders").select("order_number", "placed_at")
    told = back.join(placed, on="order_number")
    assert told.filter(pl.col("returned_at") <= pl.col("placed_at")).is_empty()
    balance = lines.group_by("order_number", "sku").agg(pl.col("qty").sum())
    assert balance["qty"].min() >= 0  # type: ignore[operator]


def test_an_order_total_is_its_lines_plus_shipping(shop: Shop) -> None:
    amount = pl.col("unit_price") * pl.col("qty") - pl.col("discount")
    sold = shop.extract("order_lines").unique(["order_number", "line"]).filter(pl.col("qty") > 0)
    lines = sold.group_by("order_number").agg(amount.sum().alias("lines"))
    orders = shop.extract("orders").join(lines, on="order_number")
    gap = (orders["total"] - orders["lines"] - orders["shipping"]).round(2)
    assert set(gap.unique()) <= {0.0, -5.0}  # a corrected total is five euros lower
    assert (gap == 0.0).mean() > 0.93  # type: ignore[operator]


def test_the_truth_and_the_extracts_tell_of_the_same_things(shop: Shop) -> None:
    truth, orders = shop.truth("orders"), shop.extract("orders")
    late = truth.join(orders, left_on="order_id", right_on="order_number", how="anti")
    assert late.height < 0.02 * truth.height
    assert orders.join(truth, left_on="order_number", right_on="order_id", how="anti").is_empty()
    known = shop.truth("identifiers")
    for kind, table, column in (
        ("contact_id", "contacts", "ID_CLIENT"),
        ("contact_id", "orders", "customer_id"),
        ("loyalty_id", "orders", "loyalty_card"),
        ("loyalty_id", "contacts", "NUM_CARTE"),
        ("contact_id", "campaign_sends", "contact_id"),
        ("email", "campaign_sends", "email"),
        ("email", "contacts", "EMAIL"),
    ):
        values = shop.extract(table)[column].drop_nulls().unique()
        values = values.filter(values != "test@test.com")  # nobody's
        wanted = known.filter(pl.col("kind") == kind)["value"]
        assert values.len() > 50
        assert values.filter(~values.is_in(wanted.to_list())).is_empty(), (table, column)


def test_an_order_names_the_person_who_placed_it(shop: Shop) -> None:
    truth = shop.truth("orders").select("order_id", "person_id")
    owners = shop.truth("identifiers").select("person_id", "kind", "value")
    orders = shop.extract("orders").join(truth, left_on="order_number", right_on="order_id")
    for kind, column in (("contact_id", "customer_id"), ("loyalty_id", "loyalty_card")):
        named = orders.drop_nulls(column)
        right = named.join(
            owners.filter(pl.col("kind") == kind),
            left_on=["person_id", column],
            right_on=["person_id", "value"],
        )
        assert named.height == right.height > 50


def test_a_held_back_person_gets_nothing(shop: Shop) -> None:
    sends = shop.extract("campaign_sends")
    held = sends.filter(pl.col("arm") == "control")["send_id"]
    assert held.len() > 100
    events = shop.extract("campaign_events")
    assert events.filter(pl.col("send_id").is_in(held.to_list())).is_empty()


def test_a_gain_comes_within_a_week_and_is_partly_pulled_forward() -> None:
    gains, losses = kernel(0.3)
    assert len(gains) == len(losses) == LASTS_DAYS
    assert gains[:WITHIN_DAYS].sum() == pytest.approx(1)
    assert gains.sum() == pytest.approx(0.7)
    assert losses.sum() == pytest.approx(1)
    hazard = np.array([0.001, 0.01, 0.05])
    gain = np.array([0.01, -0.02, 0.03])
    reached = 1 - np.exp(-WITHIN_DAYS * hazard - boost(gain, hazard))
    assert reached - (1 - np.exp(-WITHIN_DAYS * hazard)) == pytest.approx(gain)


def test_the_schema_drifts_twice() -> None:
    assert "SEGMENT_AGENCE" not in form_of("contacts", 1)
    assert "SEGMENT_AGENCE" in form_of("contacts", 2)
    assert "coupon" in form_of("orders", 59)
    assert "coupon" not in form_of("orders", 60)
    assert list(form_of("orders", 60)).index("promo_code") == list(form_of("orders", 0)).index(
        "coupon"
    )


class TestAnswering:
    """What is imported is sent and comes back; what is not has no effect."""

    @pytest.fixture(scope="class")
    def made(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("made") / "shop"
        make(Settings(400), folder, file_format=PARQUET)
        return folder

    @pytest.fixture
    def world(self, made: Path, tmp_path: Path) -> Path:
        return Path(shutil.copytree(made, tmp_path / "shop"))

    @staticmethod
    def export(folder: Path, campaign: str, key: str, addresses: list[str]) -> Path:
        folder.mkdir()
        lines = [f"{key},CAMPAIGN_ID", *(f"{address},{campaign}" for address in addresses)]
        (folder / "audience.csv").write_text("\ufeff" + "\n".join(lines) + "\n", encoding="utf-8")
        return folder

    @staticmethod
    def mailboxes(world: Path, count: int) -> list[str]:
        sends = pl.read_parquet(min((world / "extracts").iterdir()) / "campaign_sends.parquet")
        found = sends.sort("sent_at", "email", descending=True)["email"].drop_nulls()
        return found.unique(maintain_order=True).head(count).to_list()

    def test_days_follow_each_other(self, world: Path) -> None:
        assert answer(world).name == "2026-06-30"
        names = sorted(path.name for path in (world / "extracts").iterdir())
        assert names == ["2026-06-29", "2026-06-30"]
        assert [path.name for path in (world / "world").glob("*.npz")] == ["block-000-729.npz"]

    def test_a_shop_that_was_never_finished_does_not_go_on(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="no shop to go on with"):
            answer(tmp_path)
        make(Settings(150), tmp_path, file_format=PARQUET)
        noted = tmp_path / "world" / "shop.json"
        noted.write_text(noted.read_text("utf-8").replace('"day": 728', '"day": 0'), "utf-8")
        with pytest.raises(ValueError, match="never finished; make it anew"):
            answer(tmp_path)

    def test_a_folder_that_is_not_there_is_told(self, world: Path, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="nowhere: there is no such folder"):
            answer(world, [tmp_path / "nowhere"])

    @pytest.mark.parametrize("delimiter", [";", "\t"])
    def test_a_file_may_have_another_delimiter(
        self, world: Path, tmp_path: Path, delimiter: str
    ) -> None:
        exports = self.export(tmp_path / "out", "CMP101", "EMAIL", self.mailboxes(world, 9))
        path = exports / "audience.csv"
        path.write_text(path.read_text("utf-8").replace(",", delimiter), "utf-8")
        extract = answer(world, [exports])
        assert pl.read_parquet(extract / "campaign_sends.parquet").height > 4

    def test_an_imported_file_is_sent_and_comes_back_with_the_tools_own_names(
        self, world: Path, tmp_path: Path
    ) -> None:
        wanted = self.mailboxes(world, 30)
        exports = self.export(tmp_path / "out", "CMP101", "EMAIL", [*wanted, "no@body.example"])
        extract = answer(world, [exports])
        sends = pl.read_parquet(extract / "campaign_sends.parquet")
        aliases = pl.read_parquet(extract / "campaign_aliases.parquet")
        tool = aliases.filter(pl.col("campaign_id") == "CMP101")["alias"].to_list()
        assert 20 <= sends.height <= 30
        assert set(sends["email"]) <= set(wanted)
        assert set(sends["campaign_id"]) <= set(tool)
        assert sends["contact_id"].null_count() == sends["arm"].null_count() == sends.height
        events = pl.read_parquet(extract / "campaign_events.parquet")
        assert set(events["send_id"]) <= set(sends["send_id"])
        assert events.filter(pl.col("event") == "delivered").height > 15

    def test_who_unsubscribed_in_the_tool_is_not_written_to_again(
        self, world: Path, tmp_path: Path
    ) -> None:
        wanted = self.mailboxes(world, 200)
        exports = self.export(tmp_path / "out", "CMP101", "EMAIL", wanted)
        counts, stopped, again = [], set(), set()
        for _ in range(8):
            extract = answer(world, [exports])
            sends = pl.read_parquet(extract / "campaign_sends.parquet")
            events = pl.read_parquet(extract / "campaign_events.parquet")
            counts.append(sends.height)
            again |= stopped & set(sends["email"])
            ends = events.filter(pl.col("event").is_in(["unsubscribe", "complaint"]))
            stopped |= set(ends["email"])
        assert stopped
        assert again == set()
        assert counts == sorted(counts, reverse=True)

    def test_what_is_not_imported_or_cannot_be_has_no_effect(
        self, world: Path, tmp_path: Path
    ) -> None:
        twin = tmp_path / "twin"
        shutil.copytree(world, twin)
        exports = self.export(tmp_path / "out", "CMP001", "EMAIL", self.mailboxes(world, 30))
        (exports / "scores.csv").write_text("EMAIL,CHURN\na@b.example,0.5\n", encoding="utf-8")
        answer(world, [exports])  # CMP001 is over
        answer(twin)
        assert bytes_of(world) == bytes_of(twin)


@pytest.mark.slow
def test_the_defaults_keep_to_their_anchors(tmp_path: Path) -> None:
    make(Settings(20_000), tmp_path, file_format=PARQUET)
    found = {
        f.metric.removeprefix("default: "): f.value for f in difficulty.figures(tmp_path, "default")
    }
    low_high = {
        "purchases a week of the living": (0.03, 0.042),
        "mean effect of a mail": (0.4, 0.6),
        "standard deviation of it": (0.9, 1.2),
        "harmed by more than 0.5 point": (0.09, 0.15),
        "within 0.1 point of zero": (0.25, 0.45),
        "unsubscribed": (0.001, 0.003),
        "R² of the effects by that model": (0.25, 0.6),
    }
    outside = {
        name: found[name]
        for name, (low, high) in low_high.items()
        if not low <= found[name] <= high
    }
    assert outside == {}
    oracle, naive = (
        found[f"AUC of buying within 28 days, {k}"] for k in ("latent hazard", "recency alone")
    )
    assert naive + 0.05 < oracle < 0.97
