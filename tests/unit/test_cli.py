"""The command line: what it answers before, between and after nights."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from pipelines import settings, warehouse
from pipelines.cli import doctor
from pipelines.cli.commands import VERBS, cli, main
from pipelines.errors import NotReady, TerminalError
from pipelines.ledger import Ledger
from pipelines.modeling import registry
from pipelines.modeling.card import Card
from pipelines.settings import Paths
from pipelines.verbs import VERBS as STEPS
from tests.conftest import ROOT

HEAVY = {
    "airflow", "altair", "dbt", "duckdb", "great_expectations", "lightgbm", "numpy", "pandas",
    "polars", "pyarrow", "sklearn", "sqlalchemy", "vl_convert",
}  # fmt: skip


class Shop:
    """A configuration beside its extracts and data directory, and the commands on them."""

    def __init__(self, config: Path, folder: Path) -> None:
        self.config, self.paths = config, Paths(folder / "data")

    def __call__(self, *words: str) -> str:
        """What the command printed; an error of ours is raised."""
        options = ["--config", str(self.config), "--data-dir", str(self.paths.data_dir)]
        done = CliRunner().invoke(cli, [*words, *options])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.output if done.exit_code == 0 else f"exit {done.exit_code}\n{done.output}"


@pytest.fixture
def shop(
    tmp_path: Path,
    small_config: dict[str, Any],
    write_config: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Shop:
    """Everything a night needs, except what the tests take away."""
    small_config["sources"]["orders"]["path"] = str(tmp_path / "orders" / "{date}.csv")
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "2026-03-01.csv").write_text("id,at,state,total,email\n")
    monkeypatch.setattr(doctor, "FREE_BYTES_NEEDED", 0)
    return Shop(write_config(small_config), tmp_path)


def test_the_command_line_imports_nothing_heavy() -> None:
    code = "import sys, pipelines.cli; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "pipelines" in done.stdout.split()
    assert HEAVY & set(done.stdout.split()) == set()


def test_every_verb_is_a_command() -> None:
    assert tuple(VERBS) == STEPS
    assert set(VERBS) <= set(cli.commands)


def test_a_mistake_is_a_sentence_and_not_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("pipelines.logs.setup", lambda: None)
    for words, told in (
        (["status", "--config", "config/none.yml"], "nocturne: config/none.yml: no such file"),
        (["run", "--as-of", "yesterday"], "'yesterday' is not a date written YYYY-MM-DD"),
        (["run", "--as-of", "9999-12-31"], "'9999-12-31' is not between 1970 and 2100"),
    ):
        monkeypatch.setattr(sys, "argv", ["nocturne", *words])
        with pytest.raises(SystemExit) as end:
            main()
        assert end.value.code in {1, 2}
        assert told in capsys.readouterr().err


def test_a_first_configuration_is_written_and_never_over_another(
    shop: Shop, tmp_path: Path
) -> None:
    (tmp_path / "orders" / "2026-03-01.csv").write_text(
        "order id,order date,status,total,email\nO1,2026-02-28,paid,12.50,a@shop.example\n"
    )
    config = tmp_path / "new" / "shop.yml"
    words = ["init", str(tmp_path / "orders"), "--output", str(config)]
    told = CliRunner().invoke(cli, words).output
    assert "1 sources" in told
    assert "nocturne sources check --config" in told
    checked = CliRunner().invoke(cli, ["sources", "check", "--config", str(config)])
    assert "1 records read: 1 fit" in checked.output
    with pytest.raises(TerminalError, match="is there already"):
        CliRunner().invoke(cli, words, catch_exceptions=False)


def test_sources_are_checked_before_the_first_night(shop: Shop, tmp_path: Path) -> None:
    extract = tmp_path / "orders" / "2026-03-01.csv"
    extract.write_text("id,at,state,total,email\nO1,2026-02-28,paid,12.50,a@shop.example\n")
    told = shop("sources", "check")
    assert "orders → orders: " in told
    assert "1 records read: 1 fit, 0 would go to quarantine" in told
    extract.write_text("id,at,state,total,email\nO1,2026-02-28,lost,12.50,a@shop.example\n")
    told = shop("sources", "check")
    assert told.startswith("exit 1")
    assert "! status: not one of" in told
    with pytest.raises(TerminalError, match="--source nowhere: not one of orders"):
        shop("sources", "check", "--source", "nowhere")


def test_without_orders_the_draft_says_so_first_and_the_rest_is_checked(tmp_path: Path) -> None:
    people = "".join(f"C{n},c{n}@x.fr,2026-02-0{n} 10:00:00\n" for n in range(1, 9))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "customers.csv").write_text("customer_id,email,updated_at\n" + people)
    config = tmp_path / "shop.yml"
    told = CliRunner().invoke(cli, ["init", str(tmp_path / "in"), "--output", str(config)]).output
    assert told.startswith("Missing: orders, without which no night starts.")
    assert "Missing: consents" in told
    assert "sources check" not in told
    words = ["sources", "check", "--config", str(config), "--data-dir", str(tmp_path / "data")]
    checked = CliRunner().invoke(cli, words)
    assert checked.exit_code == 1
    assert checked.output.startswith("orders: no source feeds them")
    assert "8 records read: 8 fit" in checked.output


def test_what_a_check_tolerates_is_what_the_night_tolerates(shop: Shop, tmp_path: Path) -> None:
    extract = tmp_path / "orders" / "2026-03-01.csv"
    row = "O{},2026-02-28,{},12.50,a@shop.example\n"
    rows = row.format(1, "paid") + row.format(2, "paid") + row.format(3, "lost")
    extract.write_text("id,at,state,total,email\n" + rows)
    assert not shop("sources", "check").startswith("exit")
    strict = shop.config.read_text().replace(
        "sources:", "checks: {quarantine_critical: 0.1}\nsources:"
    )
    shop.config.write_text(strict)
    told = shop("sources", "check")
    assert told.startswith("exit 1")
    assert "more than quarantine_critical allows (10%)" in told


def test_a_night_of_the_future_is_refused_and_leaves_nothing(shop: Shop) -> None:
    for command in ("run", "extract", "retrain"):
        with pytest.raises(TerminalError, match=r"night 2099-01-01: later than today"):
            shop(command, "--as-of", "2099-01-01")
    assert not shop.paths.data_dir.exists()


def test_doctor_finds_nothing_to_mend_where_nothing_is_missing(shop: Shop) -> None:
    told = shop("doctor")
    assert "exit" not in told.splitlines()[0]
    assert "MEND" not in told
    assert "ok   source orders: 1 file at" in told


def test_doctor_tells_how_to_mend_a_missing_key_and_a_missing_extract(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NOCTURNE_HASH_KEY")
    (tmp_path / "orders" / "2026-03-01.csv").unlink()
    told = shop("doctor")
    assert told.startswith("exit 1\n")
    assert "MEND hash key: NOCTURNE_HASH_KEY is not set" in told
    assert "→ export NOCTURNE_HASH_KEY=" in told
    assert "MEND source orders: 0 files at" in told


def test_doctor_tells_whether_a_database_has_its_url(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = yaml.safe_load(shop.config.read_text())
    orders = content["sources"]["orders"]
    del orders["path"], orders["format"]
    orders |= {"connector": "sql", "sql": {"connection": "SHOP_DB", "table": "orders"}}
    shop.config.write_text(yaml.safe_dump(content))
    assert "MEND source orders: SHOP_DB is not set\n" in shop("doctor")
    monkeypatch.setenv("SHOP_DB", "mysql://db.internal/shop")
    assert "MEND source orders: orders: sql.connection: SHOP_DB begins with mysql://" in shop(
        "doctor"
    )
    monkeypatch.setenv("SHOP_DB", "postgresql://a:sEcr3t@db.internal/shop")
    told = shop("doctor")
    assert "ok   source orders: SHOP_DB names db.internal/shop" in told
    assert "sEcr3t" not in told


def test_doctor_tells_that_the_nights_are_of_another_shop_or_key(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(shop.paths.ledger)
    ledger.pin(date.min, "shop", "tiny")
    ledger.pin(date.min, "hash_key", settings.mark("test-key"))
    assert "MEND" not in shop("doctor")
    monkeypatch.setenv("NOCTURNE_HASH_KEY", "another-key")
    told = shop("doctor")
    assert "MEND hash key: NOCTURNE_HASH_KEY is not the key of the earlier nights" in told
    assert "another-key" not in told
    shop.config.write_text(shop.config.read_text().replace("shop: tiny", "shop: other"))
    told = shop("doctor")
    assert "holds the nights of shop 'tiny', not 'other'" in told
    assert "ok   hash key:" in told


def test_doctor_tells_a_wrong_configuration_with_the_rest(shop: Shop) -> None:
    shop.config.write_text("shop: tiny\n")
    told = shop("doctor")
    assert told.startswith("exit 1\n")
    assert "MEND configuration:" in told
    assert "title: missing; it is required" in told
    assert "ok   python:" in told


def test_doctor_tells_that_somebody_holds_the_warehouse(shop: Shop) -> None:
    hold = (
        "import sys; from pathlib import Path; from pipelines import warehouse\n"
        "from pipelines.settings import Paths\n"
        "with warehouse.lock(Paths(Path(sys.argv[1]))): print('held', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(shop.paths.data_dir)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as holder:  # fmt: skip
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        told = shop("doctor")
        holder.communicate("\n")
    assert "MEND warehouse:" in told
    assert "held by another process" in told
    with warehouse.lock(shop.paths, timeout=60):
        pass
    assert "ok   warehouse:" in shop("doctor")


def test_doctor_tells_a_damaged_warehouse(shop: Shop) -> None:
    shop.paths.warehouse.parent.mkdir(parents=True)
    shop.paths.warehouse.write_text("no database")
    told = shop("doctor")
    assert "MEND warehouse:" in told
    assert "not a valid DuckDB database" in told


def test_status_before_the_first_night(shop: Shop) -> None:
    assert "No night has run yet" in shop("status")
    assert not shop.paths.ledger.exists()


def test_status_shows_the_latest_nights_and_how_each_step_ended(shop: Shop) -> None:
    ledger = Ledger(shop.paths.ledger)
    first, second = date(2026, 3, 1), date(2026, 3, 2)
    ledger.finish(ledger.start(first, "extract"), 2.0, 1234, {})
    ledger.seal(first)
    ledger.fail(ledger.start(second, "extract"), 0.1, "orders: no file\nmore")
    ledger.start(second, "load")
    assert shop("status").splitlines() == [
        "2026-03-02  open",
        "  extract    failed: orders: no file",
        "  load       running: no end was noted",
        "2026-03-01  sealed",
        "  extract         1,234 rows      2.0 s",
    ]
    assert "2026-03-01" not in shop("status", "--nights", "1")


def _register(shop: Shop, as_of: date) -> str:
    card = Card(model="churn", kind="lightgbm", as_of=as_of, horizon_days=91, verdict="promoted")
    return registry.register(shop.paths.registry, card, {"model.txt": "tree\n"})


def test_models_are_listed_promoted_and_rolled_back(shop: Shop) -> None:
    assert "no version yet" in shop("models", "churn")
    old, new = (_register(shop, date(2026, 3, day)) for day in (1, 2))
    assert shop("models", "churn").splitlines() == [f"  {old}", f"  {new}"]
    shop("models", "churn", "--promote", old)
    assert shop("models", "churn", "--promote", new).splitlines() == [f"  {old}", f"* {new}"]
    assert shop("models", "churn", "--rollback").splitlines() == [f"* {old}", f"  {new}"]


def test_models_refuses_what_cannot_be_and_changes_nothing(shop: Shop) -> None:
    version = _register(shop, date(2026, 3, 1))
    shop("models", "churn", "--promote", version)
    with pytest.raises(TerminalError, match=r"found 'weather'; allowed: best_campaign, churn"):
        shop("models", "weather")
    with pytest.raises(TerminalError, match="not both"):
        shop("models", "churn", "--promote", version, "--rollback")
    with pytest.raises(NotReady, match=rf"no version '2020-01-01-0' .* there are: {version}"):
        shop("models", "churn", "--promote", "2020-01-01-0")
    with pytest.raises(TerminalError, match="a rollback needs two"):
        shop("models", "churn", "--rollback")
    assert shop("models", "churn").splitlines() == [f"* {version}"]
