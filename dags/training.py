"""# training

Challengers for every model, Sundays at 12:00 shop time, from what that day's night has loaded. A
challenger becomes champion only through the gates, and scores from the next night on. The night
itself trains a model only when it has no champion yet or an old one. An Airflow pool of one slot
keeps two trainings apart, another keeps the warehouse's steps apart.
"""

from datetime import time

from pipelines.orchestration import AS_OF, chain, dag, train_task, verb_task, wait_for


@dag(doc=__doc__, at=time(12, 0), days="SUN", params={"as_of": AS_OF})
def training() -> None:
    chain(wait_for("transform"), verb_task("snapshot"), verb_task("label"), train_task())
