"""Tasks and signals: parameters are fields, and what a queue holds counts."""

from __future__ import annotations

import pytest

from tests.diffing.conftest import Repository, only, reasons

APP = "from celery import Celery\n\napp = Celery()\n"
TASK = """\
from app import app

@app.task
def send({parameters}):
    print(to)
"""
CALL = """\
from tasks import send

def remind():
    send.delay({given})
"""


def celery(parameters: str, given: str) -> dict[str, str]:
    """A task and who sends it."""
    return {
        "app.py": APP,
        "tasks.py": TASK.format(parameters=parameters),
        "calls.py": CALL.format(given=given),
    }


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (("to", "to=1"), ("to", "to=1"), "none"),
        (("to", "to=1"), ("to, copy=None", "to=1"), "compatible"),
        (("to", "to=1"), ("to, copy", "to=1, copy=2"), "breaking"),
        (("to, copy", "to=1, copy=2"), ("to", "to=1"), "breaking"),
        (("to, copy", "to=1, copy=2"), ("to, **rest", "to=1"), "compatible"),
        (("to, copy", "to=1"), ("to, copy=None", "to=1"), "compatible"),
        (("who, to", "who=1, to=2"), ("person, to", "person=1, to=2"), "breaking"),
        (("who, to", "1, 2"), ("person, to", "1, 2"), "compatible"),
        (("who, to", "who=1, to=2"), ("to, who", "who=1, to=2"), "none"),
        (("who, to", "1, 2"), ("to, who", "1, 2"), "breaking"),
        (("to, more", "to=1"), ("to", "to=1"), "compatible"),
        (("to", "to=1"), ("to: str", "to=1"), "none"),
        (("to, copy=None", "to=1"), ("to", "to=1"), "compatible"),
        (("to, copy=None", "**options"), ("to", "**options"), "risky"),
        (("to, copy", "**options"), ("to", "**options"), "breaking"),
    ],
)
def test_parameters(
    repository: Repository, before: tuple[str, str], after: tuple[str, str], verdict: str
) -> None:
    assert repository.changed(celery(*before), celery(*after)).verdict == verdict


def test_a_new_required_parameter_names_the_publisher_that_does_not_give_it(repository: Repository) -> None:
    diff = repository.changed(celery("to", "to=1"), celery("to, copy", "to=1"))
    producers = [each for each in reasons(diff, "breaking") if each.concerns == "producer"]
    assert [(each.symbol, each.field) for each in producers] == [("remind", "copy")]


def test_a_task_that_is_gone_leaves_messages_under_way(repository: Repository) -> None:
    diff = repository.changed(celery("to", "to=1"), {"tasks.py": "", "calls.py": ""})
    assert (only(diff).change, only(diff).verdict) == ("lost", "breaking")
    assert only(diff).reasons[0].concerns == "under-way"


def test_a_task_that_is_no_longer_sent_stays_for_what_is_under_way(repository: Repository) -> None:
    diff = repository.changed(celery("to", "to=1"), {"calls.py": "x = 1\n"})
    assert (only(diff).change, diff.verdict) == ("changed", "compatible")
    assert "under way" in only(diff).reasons[0].message


def test_a_task_that_is_sent_by_another_name_alone_is_not_taken(repository: Repository) -> None:
    before = {
        **celery("to", "to=1"),
        "calls.py": "from app import app\n\ndef remind():\n    app.send_task('tasks.send')\n",
    }
    diff = repository.changed(before, {"calls.py": before["calls.py"].replace("tasks.send", "tasks.sent")})
    assert [each.symbol for each in reasons(diff, "breaking")] == ["send"]


def test_a_task_that_moves_is_renamed_and_its_publisher_is_carried_along(repository: Repository) -> None:
    before = celery("to", "to=1")
    after = {
        "tasks.py": "",
        "jobs.py": before["tasks.py"],
        "calls.py": before["calls.py"].replace("tasks", "jobs"),
    }
    event = only(repository.changed(before, after))
    assert (event.change, event.was, event.name) == ("renamed", "celery:tasks.send", "jobs.send")
    assert (event.verdict, event.sites) == ("breaking", ())


def test_a_task_that_moves_with_its_name_pinned_is_no_change(repository: Repository) -> None:
    before = celery("to", "to=1")
    pinned = before["tasks.py"].replace("@app.task", '@app.task(name="tasks.send")')
    after = {"tasks.py": "", "jobs.py": pinned, "calls.py": before["calls.py"].replace("tasks", "jobs")}
    assert repository.changed(before, after).verdict == "none"


def test_a_new_task_is_compatible(repository: Repository) -> None:
    diff = repository.changed({"app.py": APP}, celery("to", "to=1"))
    assert (only(diff).change, diff.verdict) == ("gained", "compatible")


def test_a_new_task_whose_publisher_forgets_a_parameter_is_breaking(repository: Repository) -> None:
    diff = repository.changed({"app.py": APP}, celery("to, copy", "to=1"))
    assert [each.field for each in reasons(diff, "breaking")] == ["copy"]


def signal(sent: str, receiver: str) -> dict[str, str]:
    """A Django signal, who sends it and who hears it."""
    hears = f"@receiver(paid)\ndef book(sender, {receiver}):\n    print(amount)\n" if receiver else ""
    return {
        "signals.py": "from django.dispatch import Signal\n\npaid = Signal()\n",
        "till.py": f"from signals import paid\n\ndef pay():\n    paid.send(sender=None{sent})\n",
        "books.py": f"from django.dispatch import receiver\nfrom signals import paid\n\n{hears}",
    }


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ((", amount=1", "amount, **kwargs"), (", amount=1, tax=2", "amount, **kwargs"), "compatible"),
        ((", amount=1", "amount, **kwargs"), ("", "amount, **kwargs"), "breaking"),
        ((", amount=1, tax=2", "amount, **kwargs"), (", amount=1", "amount, **kwargs"), "compatible"),
        ((", amount=1, tax=2", ""), (", amount=1", ""), "risky"),
        ((", amount=1", "amount, **kwargs"), (", amount=1, tax=2", "amount, tax, **kwargs"), "compatible"),
        ((", amount=1", "amount, **kwargs"), (", amount=1", ""), "compatible"),
    ],
)
def test_signals_are_judged_at_the_head_alone(
    repository: Repository, before: tuple[str, str], after: tuple[str, str], verdict: str
) -> None:
    assert repository.changed(signal(*before), signal(*after)).verdict == verdict


@pytest.mark.parametrize(("receiver", "verdict"), [("amount, **kwargs", "compatible"), ("", "risky")])
def test_a_signal_that_is_gone_is_risky_where_nobody_was_seen_to_hear_it(
    repository: Repository, receiver: str, verdict: str
) -> None:
    gone: dict[str, str] = dict.fromkeys(signal("", ""), "x = 1\n")
    diff = repository.changed(signal(", amount=1", receiver), gone)
    assert (only(diff).change, diff.verdict) == ("lost", verdict)


def test_what_tests_alone_publish_or_handle_is_no_contract(repository: Repository) -> None:
    test = "from django.dispatch import Signal\n\ndone = Signal()\n\ndef test_it():\n    done.send(sender=None)\n"
    assert repository.changed({"app.py": "x = 1\n"}, {"tests/test_done.py": test}).verdict == "none"
