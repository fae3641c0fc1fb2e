"""deliver: audited bytes, whole sets, nothing twice."""

from pathlib import Path

import pytest

from pipelines import warehouse
from pipelines.activation import deliver, export
from pipelines.errors import CheckFailed, ConfigError, NotReady, SealedNight
from pipelines.specs.night import Night
from tests.unit import activation_world as world

PREFIX = "petit_2026-03-02_"


def run_export(night: Night) -> None:
    with warehouse.connect(night.paths, night.machine) as con:
        export(
            con,
            night,
            world.audit,
            champions={},
            sealed=False,
            record=lambda results: None,
            key=str,
        )


def home(night: Night) -> Path:
    return night.paths.exports / "crm" / f"as_of={night.as_of}"


def drop(night: Night) -> dict[str, bytes]:
    folder = night.paths.data_dir / "outbox"
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture
def night(tmp_path: Path) -> Night:
    one = world.open_world(tmp_path)
    run_export(one)
    return one


def test_the_drop_folder_gets_every_file_under_the_name_of_shop_and_night(night: Night) -> None:
    deliver(night, sealed=False)
    exported = {path.name: path.read_bytes() for path in home(night).iterdir()}
    delivered = drop(night)
    assert delivered.pop(f"{PREFIX}DONE")
    assert delivered == {PREFIX + name: content for name, content in exported.items()}


def test_a_second_delivery_has_nothing_to_do(night: Night) -> None:
    deliver(night, sealed=False)
    before = {path: path.stat().st_mtime_ns for path in (night.paths.data_dir / "outbox").iterdir()}
    assert deliver(night, sealed=True).facts["files"] == 0
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_a_file_that_the_tool_took_away_is_not_sent_twice(night: Night) -> None:
    deliver(night, sealed=False)
    (night.paths.data_dir / "outbox" / f"{PREFIX}audience_spring.csv").unlink()
    assert deliver(night, sealed=True).facts["files"] == 0
    assert f"{PREFIX}audience_spring.csv" not in drop(night)


@pytest.mark.parametrize("text", ["", "{", "{}", "[1]"])
def test_a_damaged_manifest_delivers_nothing(night: Night, text: str) -> None:
    (home(night) / "manifest.json").write_text(text)
    with pytest.raises(CheckFailed, match=r"manifest\.json: damaged; nothing was delivered"):
        deliver(night, sealed=False)
    assert not (night.paths.data_dir / "outbox").exists()


def test_a_delivered_file_that_was_damaged_is_mended(night: Night) -> None:
    deliver(night, sealed=False)
    before = drop(night)
    (night.paths.data_dir / "outbox" / f"{PREFIX}scores.csv").write_bytes(b"EMAIL\n")
    assert deliver(night, sealed=True).facts["files"] == 1
    assert drop(night) == before


@pytest.mark.parametrize("name", ["scores.csv", "removals.csv", "audience_spring.csv"])
def test_a_file_changed_since_its_audit_is_refused(night: Night, name: str) -> None:
    with (home(night) / name).open("ab") as file:
        file.write(b"wanda@example.com\n")
    with pytest.raises(CheckFailed, match=f"file_changed_since_audit.*{name}"):
        deliver(night, sealed=False)
    assert not (night.paths.data_dir / "outbox").exists()


def test_a_missing_file_is_refused(night: Night) -> None:
    (home(night) / "removals.csv").unlink()
    with pytest.raises(CheckFailed, match=r"removals\.csv"):
        deliver(night, sealed=False)


def test_a_file_that_no_audit_saw_is_not_delivered(night: Night) -> None:
    (home(night) / "audience_more.csv").write_bytes(b"EMAIL\nwanda@example.com\n")
    deliver(night, sealed=False)
    assert f"{PREFIX}audience_more.csv" not in drop(night)


def test_without_exports_there_is_nothing_to_deliver(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="export"):
        deliver(world.night(tmp_path), sealed=False)


def test_an_unsealed_night_is_replaced_whole_and_a_sealed_one_is_not(night: Night) -> None:
    deliver(night, sealed=False)
    before = drop(night)
    with warehouse.connect(night.paths, night.machine) as con:
        con.execute("update marts.campaigns set is_active = false where campaign_id = 'texto'")
    run_export(night)
    with pytest.raises(SealedNight):
        deliver(night, sealed=True)
    assert drop(night) == before
    deliver(night, sealed=False)
    assert f"{PREFIX}audience_texto.csv" not in drop(night)
    assert drop(night)[f"{PREFIX}DONE"] != before[f"{PREFIX}DONE"]


def test_two_destinations_may_not_share_a_folder(tmp_path: Path) -> None:
    night = world.night(tmp_path, destinations={"a": {"path": "out"}, "b": {"path": "./out"}})
    with pytest.raises(ConfigError, match="same path"):
        deliver(night, sealed=False)
