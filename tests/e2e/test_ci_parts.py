"""The action, the GitLab job and the pre-commit hook: they are of their form, and what they run does what it says."""

from __future__ import annotations

import json
import os
import re
import shlex
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from pubsub_devtools_analysis.mistakes import mistakes

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/how-to/ci.md").read_text("utf-8")
LESS = "producer.send('orders', {'id': 1})"
MORE = "producer.send('orders', {'id': 1, 'total': 2})"
KAFKA = """\
from kafka import KafkaConsumer, KafkaProducer

producer = KafkaProducer()


def place():
    {}


def work():
    for message in KafkaConsumer("orders"):
        print(message.value["total"])
"""
LOST = """\
from pubsub_devtools import BaseEvent, event_bus


class Lost(BaseEvent):
    id: str


event_bus.publish(Lost(id="7"))
"""


@pytest.fixture
def shell(tmp_path):
    """Runs a script where `pubsub-tools` is the one of this checkout, in a folder with one finding."""
    tools = tmp_path / "bin"
    tools.mkdir()
    command = tools / "pubsub-tools"
    command.write_text(
        f"#!{sys.executable}\nimport sys\nfrom pubsub_devtools_cli.main import main\n\nmain()\n"
    )
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    work = tmp_path / "work"
    (work / "src").mkdir(parents=True)
    (work / "src" / "app.py").write_text(LOST)

    def run(script, **variables):
        environment = {
            **os.environ,
            "PATH": f"{tools}:{os.environ['PATH']}",
            "PYTHONPATH": f"{ROOT / 'runtime'}:{ROOT / 'lsp_server'}",
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
            **variables,
        }
        # As GitHub and GitLab call a shell: the first failure ends it.
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script],
            cwd=work,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout, work

    return run


def action():
    return yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))


def named(name):
    """A step of the action."""
    return next(step for step in action()["runs"]["steps"] if step.get("name") == name)


def change(work):
    """A repository whose last commit takes a field away that is read."""
    git = ("git", "-c", "user.name=T", "-c", "user.email=t@example.org")
    subprocess.run((*git, "init", "-q"), cwd=work, check=True)
    for text in (MORE, LESS):
        (work / "src" / "app.py").write_text(KAFKA.format(text))
        subprocess.run((*git, "add", "--all"), cwd=work, check=True)
        subprocess.run((*git, "commit", "-q", "-m", "change"), cwd=work, check=True)


def variables(step="Check", **given):
    """The variables of a step of the action, as GitHub would fill them in."""
    inputs = {name: about["default"] for name, about in action()["inputs"].items()} | given
    env = named(step)["env"]
    return {
        name: inputs[re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", value)[1]] for name, value in env.items()
    }


def test_the_action_fails_on_findings_and_annotates_them(shell):
    step = named("Check")
    code, out, _ = shell(step["run"], **variables())
    assert code == 1
    assert out.startswith("::warning title=PSD002,file=src/app.py,line=8,")


def test_the_action_writes_a_report_and_obeys_its_inputs(shell):
    step = named("Check")
    code, _, work = shell(step["run"], **variables(sarif="out.sarif", path="src", **{"fail-on": "never"}))
    assert code == 0
    log = json.loads((work / "out.sarif").read_text())
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "src/app.py"
    assert shell(step["run"], **variables(**{"changed-since": "main"}))[0] == 3


def test_the_action_runs_no_input_as_a_script(shell):
    step = named("Check")
    assert "${{" not in step["run"]
    code, _, work = shell(step["run"], **variables(path="src; touch owned $(touch owned)"))
    assert code == 3
    assert not (work / "owned").exists()


def test_the_action_tells_what_a_pull_request_changes_and_whom_it_breaks(shell):
    step = named("Diff")
    code, _, work = shell("true")
    change(work)
    summary = work.parent / "summary.md"
    given = variables("Diff", **{"diff-from": "HEAD~1"}) | {"GITHUB_STEP_SUMMARY": str(summary)}
    code, _, work = shell(step["run"], **given)
    assert code == 1
    assert "**breaking** `work` at `src/app.py:12`" in summary.read_text()
    assert (work / "pubsub-diff.md").read_text() == summary.read_text()
    assert shell(step["run"], **given | {"DIFF_FAIL_ON": "never"})[0] == 0
    assert shell(step["run"], **given | {"DIFF_FROM": "nosuch"})[0] == 3
    assert shell(step["run"], **given | {"DIFF_FROM": "--output=owned"})[0] == 3
    assert not (work / "owned").exists()


def test_the_gitlab_diff_reports_and_fails(shell):
    job = yaml.safe_load((ROOT / "ci/gitlab.yml").read_text("utf-8"))[".pubsub-diff"]
    _, _, work = shell("true")
    change(work)
    given = {name: str(value) for name, value in job["variables"].items()} | {"DIFF_FROM": "HEAD~1"}
    code, out, work = shell("\n".join(job["script"]), **given)
    assert code == 1
    assert "work at src/app.py:12: `total` is no longer given" in out
    assert (work / job["artifacts"]["paths"][0]).read_text().startswith("## 🔴 Events: breaking")


def test_the_action_is_of_its_form():
    about = action()
    assert {"name", "description", "inputs", "runs"} <= about.keys()
    assert about["runs"]["using"] == "composite"
    assert all("uses" in step or step["shell"] == "bash" for step in about["runs"]["steps"])
    assert all(each["description"] and "default" in each for each in about["inputs"].values())


def test_the_gitlab_job_reports_and_fails(shell):
    job = yaml.safe_load((ROOT / "ci/gitlab.yml").read_text("utf-8"))[".pubsub-check"]
    given = {name: str(value) for name, value in job["variables"].items()}
    code, out, work = shell("\n".join(job["script"]), **given)
    assert code == 1
    assert "warning[PSD002]" in out
    assert "<failure" in (work / job["artifacts"]["reports"]["junit"]).read_text()
    assert shell("\n".join(job["script"]), **given | {"CHECK_SINCE": "main"})[0] == 3


def test_the_hook_is_one_and_runs(shell):
    file = ROOT / ".pre-commit-hooks.yaml"
    valid = [sys.executable, "-m", "pre_commit", "validate-manifest", str(file)]
    assert subprocess.run(valid, capture_output=True, check=False).returncode == 0
    hook, diff = yaml.safe_load(file.read_text("utf-8"))
    code, _, work = shell(shlex.join(shlex.split(hook["entry"])))
    assert code == 1
    change(work)
    assert shell(shlex.join(shlex.split(diff["entry"])))[0] == 0
    (work / "src" / "app.py").write_text(KAFKA.format("pass"))
    assert shell(shlex.join(shlex.split(diff["entry"])))[0] == 1
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert hook["additional_dependencies"] == [".[tools]"]
    assert "tools" in extras


def test_what_the_guide_shows_is_valid():
    shown = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)]
    steps = [step for block in shown for job in block.get("jobs", {}).values() for step in job["steps"]]
    ours = [step for step in steps if "pubsub-devtools" in step["uses"]]
    assert len(ours) == 3
    assert all(step["with"].keys() <= action()["inputs"].keys() for step in ours)
    (settings,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    assert list(mistakes(tomllib.loads(settings)["tool"]["pubsub-devtools"])) == []
    links = re.findall(r"\]\(([^)#]+)\)", GUIDE)
    assert [link for link in links if "://" not in link and not (ROOT / "docs/how-to" / link).exists()] == []
