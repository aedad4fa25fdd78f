"""After an edit only the files whose occurrences can differ are looked at again, and what they say is what it would be anew."""

from __future__ import annotations

import pytest

from pubsub_devtools_analysis.host import AnalysisHost
from pubsub_devtools_analysis.occurrences import Occurrences

FILES = {
    "signals.py": "from blinker import Signal\n\nplaced = Signal()\npaid = Signal()\n",
    "api.py": "from signals import placed\n",
    "app.py": "from api import placed\n\n\ndef order():\n    placed.send(total=1)\n",
    "mail.py": "from signals import paid\n\n\n@paid.connect\ndef thank(sender):\n    print(sender)\n",
    "plain.py": "def nothing():\n    return 1\n",
}
EDITS = [
    pytest.param("plain.py", "def nothing():\n    return 2\n", {"plain.py"}, id="no event"),
    pytest.param("app.py", FILES["app.py"].replace("total=1", "total=2"), {"app.py"}, id="inside a function"),
    pytest.param("api.py", "from signals import paid as placed\n", {"api.py", "app.py"}, id="a re-export"),
    pytest.param("mail.py", FILES["mail.py"].replace("thank", "thanks"), {"mail.py"}, id="a handler's name"),
]


@pytest.mark.parametrize(("path", "text", "least"), EDITS)
def test_edits(tmp_path, path, text, least):
    for name, code in FILES.items():
        (tmp_path / name).write_text(code, "utf-8")
    with AnalysisHost.open(tmp_path, use_cache=False) as host:
        before = Occurrences(host, host.with_fields())
        table = dict(before.all())
        host.update(path, text.encode())
        after = Occurrences(host, host.with_fields())
        changed = after.changed(before, path)
        assert least <= changed
        if len(least) == 1:
            assert changed == least
        for each in changed:
            table[each] = after.of(each)
        anew = Occurrences(host, host.with_fields())
        assert {p: said for p, said in table.items() if said} == dict(anew.all())
