"""Forms that applications outside the open corpus use for tasks and signals."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from pubsub_devtools_analysis.analysis import analyze


def sites(root: Path, **files: str) -> set[tuple[str, str, str, int]]:
    """The sites of a workspace of these files: kind, event, path, line."""
    for name, text in files.items():
        path = root / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip())
    graph = analyze(root, use_cache=False)
    return {(s.kind, s.event.partition(":")[2], s.place.path, s.place.line) for s in graph.sites}


def test_a_task_decorator_held_in_a_variable(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        tasks="""
            from celery import shared_task
            from django.db import transaction

            with_retry = shared_task(acks_late=True)

            @with_retry
            @transaction.atomic
            def clean(event_id): ...
        """,
        views="""
            from tasks import clean

            def view():
                clean.delay(1)
        """,
    )
    assert found == {("handle", "tasks.clean", "tasks.py", 8), ("publish", "tasks.clean", "views.py", 4)}


def test_a_class_of_signals_of_the_project(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        base="""
            import django.dispatch

            class PluginSignal(django.dispatch.Signal):
                def send(self, sender, **named): ...
        """,
        signals="""
            from base import PluginSignal

            released = PluginSignal()
        """,
        use="""
            from signals import released

            def release():
                released.send_robust(None)
        """,
    )
    assert found == {
        ("declare", "signals.released", "signals.py", 3),
        ("publish", "signals.released", "use.py", 4),
    }


def test_signals_that_a_function_makes(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        signals="""
            from django.dispatch import Signal

            def documented(doc):
                signal = Signal()
                signal.__doc__ = doc
                return signal

            awarded = documented("after")
            will_award = documented("before")
        """,
        use="""
            from django.dispatch import receiver
            from signals import awarded, will_award

            @receiver(awarded)
            def on_awarded(sender, **named): ...

            def award():
                will_award.send(None)
        """,
    )
    assert found == {
        ("declare", "signals.awarded", "signals.py", 8),
        ("declare", "signals.will_award", "signals.py", 9),
        ("handle", "signals.awarded", "use.py", 5),
        ("publish", "signals.will_award", "use.py", 8),
    }


def test_an_entry_put_into_the_beat_schedule(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        app="""
            from celery import Celery

            app = Celery("shop")
            if True:
                app.conf.beat_schedule["daily"] = {
                    "task": "shop.tasks.report",
                    "schedule": 3600,
                }
        """,
    )
    assert found == {("publish", "shop.tasks.report", "app.py", 6)}


def test_a_beat_schedule_filled_from_a_list(tmp_path: Path) -> None:
    found = sites(
        tmp_path,
        settings="""
            from celery.schedules import crontab

            def schedule():
                found = {}
                tasks = [
                    {"name": "Mail", "task": "mail.fetch"},
                    {"name": "Train", "task": "tasks.train"},
                ]
                for task in tasks:
                    found[task["name"]] = {"task": task["task"], "schedule": crontab()}
                return found

            CELERY_BEAT_SCHEDULE = schedule()
        """,
    )
    assert found == {
        ("publish", "mail.fetch", "settings.py", 6),
        ("publish", "tasks.train", "settings.py", 7),
    }
