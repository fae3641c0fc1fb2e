"""# backfill

Features, labels and scores of past dates, computed from what is loaded now: for a new feature, a
new model, or an analyst. Triggered by hand in Airflow with `from` and `to`, both included. A date
is scored by the champion it had; a backfill never decides, exports or delivers, and the scores of a
delivered night stay as they are. Features of dates past `retention.snapshot_nights` that are no
training anchors go with the next night: read them before.
"""

from pipelines.orchestration import Param, backfill_task, dag


@dag(
    doc=__doc__,
    params={
        "from": Param(type="string", format="date", title="From", description="First date."),
        "to": Param(type="string", format="date", title="To", description="Last date."),
    },
)
def backfill() -> None:
    backfill_task()
