"""# nightly

One night, every night at 03:15 shop time: the thirteen verbs, an Airflow task each, one after
another. Files are in the drop folder by 06:00, or somebody is told.

A night is a function of its date: run it again and it ends the same. `as_of` asks for another
date than the run's; `recompute` does every step again, down to a night that was delivered, whose
decisions then stay as they are. A night that is complete is left alone.

03:15 keeps clear of 02:00–03:00, an hour that exists twice or never when clocks change.
"""

from datetime import time

from pipelines.orchestration import AS_OF, Param, chain, dag, unless_complete, verb_task
from pipelines.verbs import VERBS

RECOMPUTE = Param(False, type="boolean", title="Recompute", description="Do every step again.")


@dag(
    doc=__doc__,
    at=time(3, 15),
    due=time(6, 0),
    params={"as_of": AS_OF, "recompute": RECOMPUTE},
)
def nightly() -> None:
    chain(unless_complete(), *(verb_task(verb) for verb in VERBS))
