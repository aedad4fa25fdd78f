"""Where state lies."""

import pytest

from pubsub_devtools.storage.errors import StorageError
from pubsub_devtools.storage.state_dir import make_state_dir, state_dir


def test_it_lies_beside_the_nearest_pyproject(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'shop'\n")
    inner = tmp_path / "src" / "shop"
    inner.mkdir(parents=True)
    assert state_dir(start=inner) == tmp_path / ".pubsub"


def test_the_setting_is_relative_to_its_file(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.pubsub-devtools]\nstate_dir = 'var/events'\n")
    inner = tmp_path / "src"
    inner.mkdir()
    assert state_dir(start=inner) == tmp_path / "var/events"


def test_what_is_given_overrules(tmp_path):
    assert state_dir(tmp_path / "here", start=tmp_path) == tmp_path / "here"


def test_without_a_project_it_lies_in_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pathlib.Path.is_file", lambda _: False)
    assert state_dir() == tmp_path / ".pubsub"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[tool.pubsub-devtools]\nstate_dir = 3\n", "must be a text"),
        ("[tool", "cannot be read"),
        ("tool = 3", "cannot be read"),
    ],
)
def test_a_broken_setting_names_the_file(tmp_path, text, words):
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(StorageError, match=rf"pyproject\.toml: .*{words}"):
        state_dir(start=tmp_path)


def test_the_folder_hides_itself_from_git_and_leaves_an_existing_one_alone(tmp_path):
    make_state_dir(tmp_path / ".pubsub")
    assert (tmp_path / ".pubsub" / ".gitignore").read_text().endswith("\n*\n")
    make_state_dir(tmp_path)
    assert not (tmp_path / ".gitignore").exists()


def test_a_folder_that_cannot_be_made_names_the_way_out(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"cannot be made .*another state_dir"):
        make_state_dir(tmp_path / "file" / ".pubsub")
