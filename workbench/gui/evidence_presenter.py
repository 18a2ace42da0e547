"""Keeps the list of pictures in step with the case, and carries tags and notes back to it."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon

from workbench.core.case import Item
from workbench.gui import wording
from workbench.gui.evidence_panel import EvidencePanel
from workbench.gui.picture_list import Entry
from workbench.gui.runs_panel import RunsPanel
from workbench.gui.thumbnails import Thumbnails, thumbnail

if TYPE_CHECKING:
    from workbench.gui.session import Session


class EvidencePresenter(QObject):
    """A picture that is read already gives its thumbnail; others are read for it when they come in sight."""

    def __init__(
        self, session: "Session", panel: EvidencePanel, runs: RunsPanel, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._panel, self._runs = session, panel, runs
        self._case_id = ""
        self._originals: dict[str, str] = {}
        self._entries: dict[str, Entry] = {}  # those that did not change keep their text
        self.thumbnails = Thumbnails(self)
        self.thumbnails.made.connect(panel.set_thumbnail)
        self.thumbnails.refused.connect(self._on_refused)
        self.thumbnails.dropped.connect(panel.model.forget_asked)
        panel.model.wanted.connect(self._on_wanted)
        panel.chosen.connect(session.choose_item)
        panel.described.connect(session.document.describe_item)
        runs.noted.connect(session.document.describe_run)
        runs.opened.connect(session.show_run)
        for signal in (session.case_changed, session.item_chosen, session.busy_changed):
            signal.connect(self.refresh)
        session.picture_opened.connect(self._on_picture_opened)
        self.refresh()

    def close(self) -> None:
        """Keep what was typed, end the thread."""
        self._panel.settle()
        self._runs.settle()
        self.thumbnails.close()

    def refresh(self) -> None:
        """Show the case as it is."""
        session, document = self._session, self._session.document
        if document.case.id != self._case_id:
            self._case_id = document.case.id
            self.thumbnails.forget()
            self._entries.clear()
            self._originals = {}
            self._check_originals()
            self._panel.model.clear_icons()
        self._panel.show_entries([self._entry(item) for item in document.case.items], session.item_id)
        editable = not document.read_only
        self._panel.show_words(session.item, editable=editable)
        self._runs.show_case(document.case, editable=editable)

    def _entry(self, item: Item) -> Entry:
        session = self._session
        run = session.runs.current
        missing = session.pictures.missing.get(item.id, "")
        running = run is not None and run.item_id == item.id
        original = self._originals.get(item.id, "")
        state = wording.item_state(item, missing=missing, running=running, original=original)
        made = Entry(item, state, bool(missing or original))
        known = self._entries.get(item.id)
        if (
            known is None
            or known.item is not item
            or (known.state, known.trouble) != (made.state, made.trouble)
        ):
            self._entries[item.id] = known = made
        return known

    def _check_originals(self) -> None:
        """The case shows its own copies, so it is looked once, in a thread, where the originals are."""
        items, case_id = self._session.document.case.items, self._case_id

        def then(found: dict[str, str]) -> None:
            if found and case_id == self._case_id:
                self._originals = found
                self.refresh()

        if items:
            self._session.tasks.run(lambda: originals(items), then, self._session.failed.emit)

    def _on_wanted(self, item_id: str) -> None:
        item = next((i for i in self._session.document.case.items if i.id == item_id), None)
        picture = self._session.pictures.get(item_id)
        if picture is not None:
            self._set(item_id, thumbnail(picture.pyramid.levels[-1], picture.evidence.decode.orientation))
        elif item is not None and item_id not in self._session.pictures.missing:
            self.thumbnails.want(item, self._session.document.maps.picture_file(item))

    def _on_picture_opened(self, item_id: str) -> None:
        self._panel.model.forget_asked(item_id)
        self._on_wanted(item_id)

    def _set(self, item_id: str, icon: QIcon) -> None:
        self._panel.set_thumbnail(item_id, icon)

    def _on_refused(self, item_id: str, sentence: str) -> None:
        self._session.pictures.missing[item_id] = sentence
        self.refresh()


def originals(items: Sequence[Item]) -> dict[str, str]:
    """Which files are gone from where they were received, or have another size: "gone" or "changed" by item.

    Their bytes are compared by `verify` and by every report.
    """
    found = {}
    for item in items:
        try:
            if os.stat(item.path).st_size != item.size:
                found[item.id] = "changed"
        except (OSError, ValueError):
            found[item.id] = "gone"
    return found
