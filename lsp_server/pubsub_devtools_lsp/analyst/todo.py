"""What the server has told and the analyst has not come to yet. Of what is told twice, the last counts."""

from __future__ import annotations

from pubsub_devtools_lsp.analyst.messages import Begin, Edit, Focus, Look, ToAnalyst


class Todo:
    """What is to be done."""

    def __init__(self) -> None:
        self.begin: Begin | None = None
        self.texts: dict[str, Edit] = {}
        self.looks: dict[str, None] = {}
        self.is_everything_to_see = False
        self.focus: tuple[str, ...] = ()
        self.held: dict[str, Edit] = {}
        """The text that editors hold, by path: those on the disk do not count."""

    def add(self, message: ToAnalyst) -> None:
        """Have one more thing to do."""
        match message:
            case Begin():
                self.begin = message
                self.held = {path: Edit(path, data, number) for path, (data, number) in message.texts.items()}
                self.texts, self.looks, self.is_everything_to_see = {}, {}, False
            case Edit():
                self.held[message.path] = self.texts[message.path] = message
                self.looks.pop(message.path, None)
            case Look(paths=()):
                self.is_everything_to_see = True
            case Look():
                for path in message.paths:
                    self.looks[path] = None
            case Focus():
                self._focus(message.paths)

    def _focus(self, paths: tuple[str, ...]) -> None:
        self.focus = paths
        for path in self.held.keys() - set(paths):
            del self.held[path]
            self.texts.pop(path, None)

    def take_begin(self) -> Begin:
        """The root to begin with."""
        begin, self.begin = self.begin, None
        assert begin is not None
        return begin

    def take_texts(self) -> dict[str, Edit]:
        """The texts that editors have changed."""
        texts, self.texts = self.texts, {}
        return texts

    def take_looks(self) -> dict[str, None]:
        """The files that have changed on the disk."""
        looks, self.looks = self.looks, {}
        return looks

    def take_everything(self) -> tuple[dict[str, bytes], dict[str, int]]:
        """What editors hold, and the numbers of these texts, when all is to be looked at again."""
        self.texts, self.looks, self.is_everything_to_see = {}, {}, False
        return (
            {path: edit.data for path, edit in self.held.items()},
            {path: edit.number for path, edit in self.held.items()},
        )

    def texts_held(self) -> dict[str, tuple[bytes, int]]:
        """What editors hold, as `Begin` has it."""
        return {path: (edit.data, edit.number) for path, edit in self.held.items()}
