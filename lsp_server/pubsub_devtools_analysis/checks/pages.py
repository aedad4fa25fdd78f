"""The reference of the checks: a page for each, an index, and what `--explain` prints. Pure: checks in, texts out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools_analysis.checks.registry import CHECKS

if TYPE_CHECKING:
    from pubsub_devtools_analysis.checks.check import Check, Sample

__all__ = ["check_pages", "page"]

FOLDER = "docs/reference/checks"


def check_pages() -> dict[str, str]:
    """The files of the reference, by path from the repository's root."""
    pages = {f"{FOLDER}/{check.code}.md": page(check) for check in CHECKS}
    return {f"{FOLDER}/index.md": _index(), **pages}


def page(check: Check) -> str:
    """A check's page: why it exists, what it leaves out, and samples in which the lines found are marked."""
    blocks = [
        f"# {check.code}: {check.name}",
        f"{check.summary} Severity: **{check.severity}**.",
        check.explanation.strip(),
        "## Samples",
        f"What is found ends in `# {check.code}`.",
        *(_sample(sample, check.code) for sample in check.samples),
    ]
    return "\n\n".join(blocks) + "\n"


def _sample(sample: Sample, code: str) -> str:
    files = {path: text for path, text in sample.files().items() if text.strip()}
    blocks = [f"### {sample.title}"]
    for path, text in files.items():
        language = "toml" if path.endswith(".toml") else "python"
        named = [f"`{path}`:"] if len(files) > 1 else []
        blocks += [*named, f"```{language}\n{text.strip(chr(10))}\n```"]
    return "\n\n".join([*blocks, *([] if sample.expected(code) else ["Nothing is found here."])])


def _index() -> str:
    rows = [f"| [{c.code}]({c.code}.md) | `{c.name}` | {c.severity} | {c.summary} |" for c in CHECKS]
    return "\n".join(
        [
            "# Checks",
            "",
            "What `pubsub-tools check` looks for. Each page says what is reported, what is not and why, and shows both in samples,",
            "which are the tests of the check. Findings rest on what is sure; tests do not count; events of a framework, those that",
            "match `external` in the settings and those of linked graphs are never unknown, unhandled or unpublished. A finding of",
            "which it is not sure that somebody would act on it is a *hint*: it is shown only for codes that are selected. So is every",
            "finding in examples, documentation and vendored code. What lies in hidden folders is not judged.",
            "",
            "| Code | Name | Severity | What is found |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )
