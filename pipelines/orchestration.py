"""Everything Nocturne asks of Airflow, in the one module that imports it: tasks out of verbs, the
retry policy, pools, the date of a night, schedules, deadlines, notices, connections. `dags/` puts
the pieces together. The heavy rooms are imported by `steps`, inside the tasks."""

import json
import os
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from airflow.sdk import (
    DAG,
    Connection,
    CronTriggerTimetable,
    ExceptionRetryPolicy,
    Param,
    RetryAction,
    RetryRule,
    chain,
    get_current_context,
    task,
)
from airflow.sdk.bases.notifier import BaseNotifier
from airflow.sdk.definitions.callback import SyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference
from airflow.sdk.exceptions import AirflowNotFoundException, AirflowRescheduleException

from pipelines import clock, logs
from pipelines.errors import ConfigError, ExtractAwaited, TerminalError
from pipelines.secrets import use_connections
from pipelines.settings import PROJECT_ROOT
from pipelines.specs.shop import Notify, Shop, load_shop

log = logs.get(__name__)

__all__ = ["Param", "backfill_task", "chain", "dag", "train_task", "unless_complete", "verb_task"]

_OF_LIBPQ = ("ssl", "gss", "channel_binding", "connect_timeout", "options", "target_session_attrs")


def _connection(connection: str) -> dict[str, str] | None:
    """The filled fields of a connection by Airflow's names, with those of its extra and its `uri`;
    None when Airflow has none of that id."""
    try:
        found = Connection.get(connection)
    except AirflowNotFoundException:
        return None
    extra = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in found.extra_dejson.items()
    }
    own = {"login": found.login, "password": found.password, "uri": _uri(found, extra)}
    return extra | {name: value for name, value in own.items() if value}


def _uri(found: Any, extra: dict[str, str]) -> str:
    """The URL of a connection's database. Airflow's own would carry all of the extra, of which a
    database takes only what it knows, and the path of an SQLite file as a host."""
    if found.conn_type == "sqlite":
        return f"sqlite:///{quote(found.host or found.schema or '')}"
    fields = ("conn_type", "host", "schema", "login", "password", "port")
    plain = Connection(conn_id=found.conn_id, **{name: getattr(found, name) for name in fields})
    parameters = {name: value for name, value in extra.items() if name.startswith(_OF_LIBPQ)}
    return str(plain.get_uri()) + (f"?{urlencode(parameters)}" if parameters else "")


use_connections(_connection)

POOL = "warehouse"  # one slot: the warehouse has one writer
TRAINING_POOL = "training"  # one slot: fitting needs every core, but not the warehouse
_POOL_OF_VERB = {"train": TRAINING_POOL} | dict.fromkeys(
    ("extract", "deliver", "report"), "default_pool"
)

_BETWEEN_LOOKS = timedelta(minutes=5)  # a look lists folders of other machines, too

RETRY_POLICY = ExceptionRetryPolicy(
    rules=[
        RetryRule(
            exception=TerminalError,
            action=RetryAction.FAIL,
            reason="Trying again cannot help: a person has to change something first",
        )
    ],
    default=RetryAction.RETRY,
)
AS_OF = Param(
    None,
    type=["null", "string"],
    format="date",
    title="As of",
    description="The night's date, YYYY-MM-DD. Empty: the date of the run in the shop's time zone.",
)


def config_path() -> Path:
    """The shop's configuration: NOCTURNE_CONFIG, or the sample's. Relative to this checkout."""
    return PROJECT_ROOT / (os.environ.get("NOCTURNE_CONFIG") or "config/sample.yml")


def shop() -> Shop:
    """The shop these DAGs work for. ConfigError, which Airflow shows as an import error."""
    return load_shop(config_path())


def resolve_as_of(asked: str | None, moment: datetime, time_zone: str) -> date:
    """The date of a night: the one asked for, else the shop's date at the aware `moment`."""
    if not asked:
        return clock.shop_date(moment, time_zone)
    try:
        return date.fromisoformat(asked)
    except ValueError:
        raise ConfigError(f"as_of: found {asked!r}; allowed: a date written YYYY-MM-DD") from None


def as_of_of(context: Any) -> date:
    """The as_of of a task's run. A run that was triggered without a logical date is as of the
    moment after which it may run."""
    moment = context.get("logical_date") or context["dag_run"].run_after
    return resolve_as_of(context["params"].get("as_of"), moment, shop().time_zone)


class Notice(BaseNotifier):
    """Tells that a run "failed" or "is late": in the log, and by e-mail and Slack when the
    configuration names whom. A channel that fails is logged and stops no other."""

    def __init__(self, event: str) -> None:
        super().__init__()
        self.event = event

    def notify(self, context: Any) -> None:
        told = shop()
        text = f"Nocturne, {told.title}: {_what_happened(self.event, context)}"
        log.error(text)
        for channel in _channels(told.notify, text):
            try:
                channel().notify(context)
            except Exception as error:  # noqa: BLE001 – the other channels still have to be tried
                log.error("A notice could not be sent: %s", error)


_OF_A_RUN = ("dag_id", "logical_date", "run_after", "conf")


def _what_happened(event: str, context: Any) -> str:
    """A sentence from a task's context, or from the JSON values that a late night's notice gets."""
    run = context["dag_run"]
    run = run if isinstance(run, dict) else {name: getattr(run, name) for name in _OF_A_RUN}
    moment = run["logical_date"] or run["run_after"]
    moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    as_of = resolve_as_of((run["conf"] or {}).get("as_of"), moment, shop().time_zone)
    step = getattr(context.get("task_instance"), "task_id", None)
    where = f" at {step}" if step else ""
    error = context.get("exception")
    return f"{run['dag_id']} as_of={as_of} {event}{where}" + (f": {error}" if error else "")


def _channels(notify: Notify, text: str) -> list[Callable[[], BaseNotifier]]:
    def email() -> BaseNotifier:
        from html import escape

        from airflow.providers.smtp.notifications.smtp import SmtpNotifier

        subject = text.splitlines()[0][:150]
        content = f"<pre>{escape(text)}</pre>"
        return SmtpNotifier(to=notify.email, subject=subject, html_content=content)

    def slack() -> BaseNotifier:
        from airflow.providers.slack.notifications.slack import SlackNotifier

        return SlackNotifier(text=text, channel=str(notify.slack_channel))

    return [email] * bool(notify.email) + [slack] * bool(notify.slack_channel)


def files_by(hour: time, started: time) -> DeadlineAlert:
    """Tells when a run that is scheduled at `started` has not ended by `hour`, both shop time. No
    clock changes between 03:00 and the morning, so the distance is the same every night. The
    notice is sent by the scheduler's executor: no triggerer is needed."""
    midnight = date.min
    return DeadlineAlert(
        name=f"files by {hour:%H:%M}",
        reference=DeadlineReference.DAGRUN_LOGICAL_DATE,
        interval=datetime.combine(midnight, hour) - datetime.combine(midnight, started),
        callback=SyncCallback(Notice, kwargs={"event": f"is late: due at {hour:%H:%M}"}),
    )


class Dag(DAG):
    """A DAG whose `airflow dags test` leaves deadlines out: Airflow 3.3.2 breaks on them there."""

    def test(self, *args: Any, **kwargs: Any) -> Any:
        self.deadline = None
        return super().test(*args, **kwargs)


def dag(
    *,
    doc: str | None,
    params: dict[str, Param],
    at: time | None = None,
    days: str = "*",
    due: time | None = None,
) -> Callable[[Callable[[], None]], Dag]:
    """Makes the DAG that is called like the decorated function, which puts its tasks in order,
    with the settings all of ours share. `at`: shop time; `days`: of the week, as cron writes them;
    `due`: shop time by which a scheduled run has to have ended.

    There is no start date: unpausing waits for the next night, and after an outage the latest
    night missed runs at once."""

    def make(put_in_order: Callable[[], None]) -> Dag:
        with Dag(
            put_in_order.__name__,
            schedule=_schedule(at, days) if at else None,
            catchup=False,
            max_active_runs=1,
            params=params,
            doc_md=doc,
            tags={"nocturne"},
            deadline=files_by(due, at) if due and at else None,
            default_args={
                "owner": "nocturne",
                "retries": 2,
                "retry_delay": timedelta(minutes=1),
                "retry_policy": RETRY_POLICY,
                "on_failure_callback": Notice("failed"),
            },
        ) as made:
            put_in_order()
        return made

    return make


def _schedule(at: time, days: str) -> CronTriggerTimetable:
    never = timedelta(0)  # how late a first run may start
    return CronTriggerTimetable(
        f"{at.minute} {at.hour} * * {days}", timezone=shop().time_zone, run_immediately=never
    )


def verb_task(verb: str) -> Any:
    """The task of one verb, named like it."""

    @task(task_id=verb, pool=_POOL_OF_VERB.get(verb, POOL))
    def run_verb() -> None:
        from pipelines import steps

        context = get_current_context()
        recompute = bool(context["params"].get("recompute"))
        try:
            steps.run(verb, as_of_of(context), config_path(), recompute=recompute)
        except ExtractAwaited as awaited:
            log.warning("%s", awaited)
            again = _look_again(awaited.until)
            raise AirflowRescheduleException(again) from None  # type: ignore[no-untyped-call]

    return run_verb()


def _look_again(until: datetime) -> datetime:
    """When a task that waits for an extract runs again: it holds no worker meanwhile, and the wait
    counts as no try."""
    return min(clock.now() + _BETWEEN_LOOKS, until)


def unless_complete() -> Any:
    """Skips the rest of a night that is delivered and reported, unless it is to be recomputed."""

    @task.short_circuit(task_id="unless_complete")
    def is_open() -> bool:
        from pipelines import steps

        context = get_current_context()
        as_of = as_of_of(context)
        if context["params"].get("recompute") or not steps.is_complete(as_of, config_path()):
            return True
        log.info("night as_of=%s is complete: nothing to do", as_of)
        return False

    return is_open()


def wait_for(verb: str) -> Any:
    """Waits, holding no worker, until the night has done `verb`."""

    @task.sensor(task_id=f"wait_for_{verb}", mode="reschedule", poke_interval=30, timeout=6 * 3600)
    def is_done() -> bool:
        from pipelines import steps
        from pipelines.ledger import Ledger

        night = steps.open_night(as_of_of(get_current_context()), config_path())
        return steps.is_done(verb, night, Ledger(night.paths.ledger))

    return is_done()


def train_task() -> Any:
    """Trains challengers of every model, however young the champions are."""

    @task(task_id="train", pool=TRAINING_POOL)
    def train() -> None:
        from pipelines import steps

        steps.train(as_of_of(get_current_context()), config_path())

    return train()


def backfill_task() -> Any:
    """Features, labels and scores of the past dates in `from` … `to`, both included."""

    @task(task_id="backfill", pool=POOL)
    def backfill() -> None:
        from pipelines import steps

        params = get_current_context()["params"]
        first, last = date.fromisoformat(params["from"]), date.fromisoformat(params["to"])
        steps.backfill(first, last, config_path())

    return backfill()
