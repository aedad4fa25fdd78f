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


def variables(**given):
    """The variables of the action's last step, as GitHub would fill them in."""
    inputs = {name: about["default"] for name, about in action()["inputs"].items()} | given
    env = action()["runs"]["steps"][-1]["env"]
    return {
        name: inputs[re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", value)[1]] for name, value in env.items()
    }


def test_the_action_fails_on_findings_and_annotates_them(shell):
    step = action()["runs"]["steps"][-1]
    code, out, _ = shell(step["run"], **variables())
    assert code == 1
    assert out.startswith("::warning title=PSD002,file=src/app.py,line=8,")


def test_the_action_writes_a_report_and_obeys_its_inputs(shell):
    step = action()["runs"]["steps"][-1]
    code, _, work = shell(step["run"], **variables(sarif="out.sarif", path="src", **{"fail-on": "never"}))
    assert code == 0
    log = json.loads((work / "out.sarif").read_text())
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "src/app.py"
    assert shell(step["run"], **variables(**{"changed-since": "main"}))[0] == 3


def test_the_action_runs_no_input_as_a_script(shell):
    step = action()["runs"]["steps"][-1]
    assert "${{" not in step["run"]
    code, _, work = shell(step["run"], **variables(path="src; touch owned $(touch owned)"))
    assert code == 3
    assert not (work / "owned").exists()


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
    (hook,) = yaml.safe_load(file.read_text("utf-8"))
    assert shell(shlex.join(shlex.split(hook["entry"])))[0] == 1
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert hook["additional_dependencies"] == [".[tools]"]
    assert "tools" in extras


def test_what_the_guide_shows_is_valid():
    shown = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)]
    steps = [step for block in shown for job in block.get("jobs", {}).values() for step in job["steps"]]
    ours = [step for step in steps if "pubsub-devtools" in step["uses"]]
    assert len(ours) == 2
    assert all(step["with"].keys() <= action()["inputs"].keys() for step in ours)
    (settings,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    assert list(mistakes(tomllib.loads(settings)["tool"]["pubsub-devtools"])) == []
    links = re.findall(r"\]\(([^)#]+)\)", GUIDE)
    assert [link for link in links if "://" not in link and not (ROOT / "docs/how-to" / link).exists()] == []
