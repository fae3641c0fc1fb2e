"""Who is told of a failed or late night. The notices run in a process of their own, as Airflow is
loaded there; the mail server and Slack are replaced at the providers' own notifiers."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

PROBE = """
import json, logging, sys
from datetime import UTC, datetime
from types import SimpleNamespace
from airflow.providers.slack.notifications.slack import SlackNotifier
from airflow.providers.smtp.notifications.smtp import SmtpNotifier
from pipelines import errors, orchestration

sent, said = [], []
def mail(self, context):
    sent.append(["email", self.to, self.subject, self.html_content])
    if "broken" in sys.argv:
        raise ConnectionError("no mail server")
SmtpNotifier.notify = mail
SlackNotifier.notify = lambda self, context: sent.append(["slack", self.channel, self.text])
class Keep(logging.Handler):
    def emit(self, record):
        said.append(record.getMessage())
logging.getLogger("pipelines").addHandler(Keep())

run = SimpleNamespace(
    dag_id="nightly", logical_date=datetime(2026, 6, 29, 1, 15, tzinfo=UTC), run_after=None, conf={}
)
orchestration.Notice("failed")({
    "dag_run": run,
    "task_instance": SimpleNamespace(task_id="load"),
    "exception": errors.SourceError("orders.csv, line 3: {{ a < b }}"),
})
orchestration.Notice(event="is late: due at 06:00")({"dag_run": {
    "dag_id": "nightly", "logical_date": None, "run_after": "2026-11-22T02:15:00Z",
    "conf": {"as_of": "2026-06-30"},
}})
print(json.dumps({"sent": sent, "said": said}))
"""
FAILED = "Nocturne, Tiny shop: nightly as_of=2026-06-29 failed at load: orders.csv, line 3: "
LATE = "Nocturne, Tiny shop: nightly as_of=2026-06-30 is late: due at 06:00"


def _tell(tmp_path: Path, config: dict[str, Any], *arguments: str) -> Any:
    file = tmp_path / "shop.yml"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    env = {
        **os.environ,
        "AIRFLOW_HOME": str(tmp_path / "airflow"),
        "NOCTURNE_CONFIG": str(file),
        "PYTHONPATH": str(ROOT),
    }
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROBE, *arguments],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def test_without_addresses_a_failed_and_a_late_night_are_told_in_the_log(
    tmp_path: Path, small_config: dict[str, Any]
) -> None:
    told = _tell(tmp_path, small_config)
    assert told["said"] == [f"{FAILED}{{{{ a < b }}}}", LATE]
    assert told["sent"] == []


@pytest.mark.parametrize("mail_server", ["works", "broken"])
def test_mail_and_slack_are_told_each_even_when_the_other_fails(
    tmp_path: Path, small_config: dict[str, Any], mail_server: str
) -> None:
    small_config["notify"] = {"email": ["data@example.com"], "slack_channel": "#crm"}
    told = _tell(tmp_path, small_config, mail_server)
    sentence = f"{FAILED}{{{{ a < b }}}}"
    assert told["sent"][:2] == [
        ["email", ["data@example.com"], sentence, f"<pre>{FAILED}{{{{ a &lt; b }}}}</pre>"],
        ["slack", "#crm", sentence],
    ]
    assert [entry[0] for entry in told["sent"][2:]] == ["email", "slack"]
    could_not = "A notice could not be sent: no mail server"
    assert (could_not in told["said"]) == (mail_server == "broken")
