"""What a user sets: what is wrong is told, and never keeps the rest from counting."""

from __future__ import annotations

from pubsub_devtools_lsp.settings import Findings, Settings, read


def test_settings_are_read() -> None:
    given = {
        "findings": {"scope": "open", "severity": {"PSD003": "off"}},
        "exclude": ["build/**"],
        "configFile": "tools.toml",
        "trace": "messages",
        "codeLens": False,
        "inlayHints": False,
    }
    assert read(given) == (
        Settings(
            Findings("open", severity={"PSD003": "off"}),
            ("build/**",),
            "tools.toml",
            "messages",
            False,
            False,
        ),
        [],
    )


def test_a_mistake_is_told_and_the_rest_counts() -> None:
    settings, mistakes = read({"findings": {"scope": "all", "ignore": ["PSD011"]}, "exclud": ["x"]})
    assert settings == Settings(Findings(ignore=("PSD011",)))
    assert len(mistakes) == 2
    assert any("pubsub.findings.scope" in each for each in mistakes)
    assert any("exclud" in each for each in mistakes)


def test_nothing_set_is_the_default() -> None:
    assert read(None) == read({}) == read({"findings": None}) == (Settings(), [])


def test_the_longest_beginning_of_a_code_decides() -> None:
    findings = Findings(severity={"PSD0": "info", "PSD003": "off"})
    assert findings.severity_of("PSD003", "warning") == "off"
    assert findings.severity_of("PSD004", "warning") == "info"
    assert findings.severity_of("PSD100", "warning") == "warning"
