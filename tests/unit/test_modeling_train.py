"""Training: what is promoted, what is refused, by which gate, and that it is repeatable."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.errors import NotReady, TerminalError
from pipelines.modeling import dump, fit, record, registry
from pipelines.modeling.challenge import TrainReport
from pipelines.specs.model import Model
from tests.unit import modeling_world as world


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def train(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    rows: pl.DataFrame,
    model: Model | None = None,
    force: bool = False,
) -> TrainReport:
    world.build(con, rows)
    night = world.night(folder, model or world.model())
    (report,) = fit(night, dump(con, night, force=force))
    return report


def test_a_model_that_beats_recency_is_promoted(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    report = train(con, tmp_path, world.customers())
    assert report.status == "promoted", report.reasons
    assert registry.champion(world.night(tmp_path).paths.registry, "churn") == report.version
    gain = report.metrics["auc_gain"]
    assert gain.lower is not None
    assert gain.lower > 0.02
    assert report.metrics["auc"].value > report.metrics["naive_auc"].value


def test_a_label_leaked_into_a_feature_is_refused_by_name(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    leaky = world.customers().with_columns(pl.col("label").alias("orders_next_28d_count"))
    report = train(con, tmp_path, leaky)
    assert report.status == "baseline"
    text = " ".join(report.reasons)
    assert "max_auc:" in text
    assert "max_feature_share:" in text
    assert "orders_next_28d_count" in text


def test_noise_does_not_beat_the_naive_rule_which_then_scores(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows = world.customers()
    label = rows["label"].sample(fraction=1.0, shuffle=True, seed=3)
    report = train(con, tmp_path, rows.with_columns(label.alias("label")))
    assert report.status == "baseline"
    assert any(reason.startswith("min_auc_gain") for reason in report.reasons)
    assert report.champion is not None
    root = world.night(tmp_path).paths.registry
    assert registry.load_card(root, "churn", report.champion).kind == "naive_rule"


def test_too_few_positives_are_refused(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    strict = world.model(gates={"min_positives": 10_000})
    report = train(con, tmp_path, world.customers(), strict)
    assert [r.split(":")[0] for r in report.reasons] == ["min_positives"]


def test_a_history_of_one_label_window_is_refused_for_want_of_a_test(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows = world.customers().filter(pl.col("as_of") >= max(world.ANCHORS))
    report = train(con, tmp_path, rows)
    assert report.status == "baseline"
    assert report.reasons[0].startswith("matured_anchors")


@pytest.mark.parametrize(("later", "how"), [(28, "as recorded"), (56, "on the same rows of 2")])
def test_a_worse_challenger_is_not_promoted(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, later: int, how: str
) -> None:
    """Four weeks on, without new labels, only recorded AUCs are common to both; eight weeks on, two
    test dates lie after everything that the champion learned from."""
    good = train(con, tmp_path, world.customers())
    if later > world.HORIZON:
        shifted = pl.col("as_of") + pl.duration(days=later)
        world.build(con, world.customers(seed=2).with_columns(shifted))
    weak = world.model(parameters={"num_trees": 1, "learning_rate": 0.001})
    night = world.night(tmp_path, weak, as_of=world.NIGHT + timedelta(days=later))
    (report,) = fit(night, dump(con, night))
    assert report.status == "refused"
    (reason,) = [r for r in report.reasons if r.startswith("max_auc_loss_to_champion")]
    assert how in reason
    assert registry.champion(night.paths.registry, "churn") == good.version


def test_the_same_rows_give_the_same_model_text_whatever_the_threads(tmp_path: Path) -> None:
    texts = []
    for threads in (1, 3):
        folder = tmp_path / str(threads)
        with duckdb.connect(config={"threads": str(threads)}) as con:
            report = train(con, folder, world.customers())
        version = str(report.version)
        root = world.night(folder).paths.registry
        texts.append(
            (version, registry.load_text(root, "churn", version, "model.txt"), report.metrics)
        )
    assert texts[0] == texts[1]


def test_a_young_champion_is_not_trained_again_unless_told(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows = world.customers()
    first = train(con, tmp_path, rows)
    assert train(con, tmp_path, rows).status == "skipped"
    again = train(con, tmp_path, rows, force=True)
    assert (again.status, again.version) == ("promoted", first.version)


def test_metrics_are_recorded_once_however_often(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    report = train(con, tmp_path, world.customers())
    counts = [record(con, [report]).rows for _ in range(2)]
    found = con.execute("select count(*), count(distinct metric) from ml.evaluations").fetchone()
    assert found == (counts[0], counts[0])


def test_labels_after_the_night_are_not_read(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    world.build(con, world.customers())
    night = world.night(tmp_path, world.model(), as_of=world.ANCHORS[2])
    (matrix,) = dump(con, night)
    latest = pl.read_parquet(matrix.path)["as_of"].max()
    assert latest == world.ANCHORS[3]


def test_a_date_whose_features_are_gone_takes_no_anchor_s_place(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    world.build(con, world.customers())
    con.execute(
        "insert into labels.label_churn by name select * replace (as_of + 18 as as_of)"
        " from labels.label_churn where as_of = ?",
        [world.ANCHORS[1]],
    )
    night = world.night(tmp_path, world.model(), as_of=world.NIGHT - timedelta(days=10))
    (matrix,) = dump(con, night)
    dates = pl.read_parquet(matrix.path)["as_of"].unique().sort().to_list()
    assert dates == sorted(world.ANCHORS[1:])


def test_a_date_among_the_features_is_refused_by_name(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows = world.customers().with_columns(pl.col("as_of").alias("last_order_date"))
    with pytest.raises(TerminalError, match="last_order_date DATE"):
        train(con, tmp_path, rows)


def test_a_group_without_a_table_is_named(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="features_weather"):
        train(con, tmp_path, world.customers(), world.model(features=("weather",)))


def test_a_shop_without_any_label_yet_is_told_so(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    world.build(con, world.customers())
    con.execute("drop table labels.label_churn")
    night = world.night(tmp_path, world.model())
    (report,) = fit(night, dump(con, night))
    assert (report.status, report.champion) == ("no_data", None)
    assert record(con, [report]).facts == {"churn": "no_data"}
