"""Train: three calls, so that the warehouse is held only while rows are read or written.

with lock, connection:  dumps = dump(con, night)
without either:         reports = fit(night, dumps)
with lock, connection:  record(con, reports)"""

from collections.abc import Sequence

import duckdb

from pipelines import catalog, logs, warehouse
from pipelines.modeling import registry
from pipelines.modeling.arms import dump_sends, learn
from pipelines.modeling.challenge import TrainReport, challenge
from pipelines.modeling.matrix import Matrix, dump_matrix, is_due
from pipelines.specs.night import Night, StepReport

log = logs.get(__name__)


def dump(con: duckdb.DuckDBPyConnection, night: Night, force: bool = False) -> list[Matrix]:
    """Write the training rows of every model that is due. NotReady when features or labels were
    not built. Call it with an open connection, under the lock."""
    return [
        dump_sends(con, night, model)
        if model.trainer == "arm_effects"
        else dump_matrix(con, night, model)
        for model in night.models.values()
        if is_due(night, model.name, force)
    ]


def fit(night: Night, dumps: Sequence[Matrix]) -> list[TrainReport]:
    """Train what was dumped, promote or refuse it, and remove the dumps. Touches the registry
    only; a crash leaves whole versions and the champion of before."""
    by_model = {matrix.model: matrix for matrix in dumps}
    reports = []
    for name, model in night.models.items():
        matrix = by_model.get(name)
        if matrix is None:
            reports.append(_skipped(night, name))
        elif model.trainer == "arm_effects":
            reports.append(learn(night, model, matrix))
        else:
            reports.append(challenge(night, model, matrix))
        if matrix is not None:
            matrix.path.unlink(missing_ok=True)
        log.info(
            "train %s: %s, version %s, champion %s%s",
            name,
            reports[-1].status,
            reports[-1].version,
            reports[-1].champion,
            "".join(f"; {reason}" for reason in reports[-1].reasons),
        )
    return reports


def _skipped(night: Night, model: str) -> TrainReport:
    """The champion is young: its own metrics, so that `record` mends what a crash left out."""
    champion = registry.champion(night.paths.registry, model, not_after=night.as_of)
    if champion is None:
        return TrainReport(model, "no_data", night.as_of)
    card = registry.load_card(night.paths.registry, model, champion)
    return TrainReport(model, "skipped", card.as_of, champion, champion, metrics=card.metrics)


def record(con: duckdb.DuckDBPyConnection, reports: Sequence[TrainReport]) -> StepReport:
    """Write the metrics of each report's version to ml.evaluations, replacing them. Call it with
    an open connection, under the lock."""
    rows = [
        (r.model, r.version, r.as_of, name, m.value, m.lower, m.upper)
        for r in reports
        if r.version
        for name, m in sorted(r.metrics.items())
    ]
    with warehouse.transaction(con):
        for r in reports:
            con.execute(
                "delete from ml.evaluations where model = ? and version = ?", [r.model, r.version]
            )
        if rows:
            con.executemany(
                f"{catalog.insert_into('ml.evaluations')} values (?, ?, ?, ?, ?, ?, ?)", rows
            )
    return StepReport(len(rows), {r.model: r.status for r in reports})
