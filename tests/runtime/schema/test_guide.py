"""The guide's examples run, in their order."""

import re
from pathlib import Path

GUIDE = Path(__file__).parents[3] / "docs/how-to/runtime-schemas.md"


def test_the_examples_of_the_guide_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert len(examples) == 8
    names = {"__name__": "guide"}
    for example in examples:
        exec(compile(example, str(GUIDE), "exec"), names)
    assert (tmp_path / "contracts" / "billing.OrderCreated.contract.json").is_file()
