"""The case as a whole: pictures are opened into it, it is saved, opened, and left."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from workbench.casefile.store import CaseStore
from workbench.core.analysis import new_id
from workbench.core.case import Case, CaseDetails, Item
from workbench.gui.document import is_case
from workbench.gui.pictures import Picture

if TYPE_CHECKING:
    from workbench.gui.session import Session


class CaseDesk(QObject):
    """What the session does with the case; its signals tell of it."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._document, self._pictures = session.document, session.pictures
        self._preferences = session.preferences
        self._asked = object()  # a new one for each case asked for
        self._arrived: list[Picture] = []
        self._copying = False
        session.untitled.ready.connect(self._take_in_next)
        session.pictures.read.connect(self._on_picture_read)
        session.pictures.reopened.connect(self._on_picture_reopened)
        session.item_chosen.connect(self._read_chosen)

    # Pictures

    def open_paths(self, paths: list[Path]) -> None:
        """Open pictures and case folders; pictures named beside a case are opened in it."""
        cases = [path for path in paths if is_case(path)]
        pictures = [path.absolute() for path in paths if path not in cases]
        if cases:
            self.open(cases[-1], pictures)
        else:
            self._open_pictures(pictures)

    def _open_pictures(self, paths: list[Path]) -> None:
        """Read each file in a thread, and look at the last one."""
        there = {i.path: i.id for i in self._document.case.items if i.id not in self._pictures.missing}
        for path in paths:
            if path in there:
                self._session.choose_item(there[path])
            else:
                self._pictures.open(path)

    def _on_picture_read(self, picture: Picture) -> None:
        self._arrived.append(picture)
        self._take_in_next()

    def _take_in_next(self) -> None:
        """One after the other; what has to be copied into the case first is copied in a thread."""
        if self._copying or self._session.untitled.working or not self._arrived:
            return
        picture, case_id = self._arrived.pop(0), self._document.case.id
        item = self._item_of(picture) or Item.of(picture.evidence)
        copy = self._document.copying(item)

        def then(_: object = None) -> None:
            self._copying = False
            if self._document.case.id == case_id:
                self._take_in(item, picture)
            self._take_in_next()

        def failed(sentence: str) -> None:
            self._copying = False
            self._session.failed.emit(sentence)
            self._take_in_next()

        if copy is None:
            then()
        else:
            self._copying = True
            self._session.tasks.run(copy, then, failed)

    def _take_in(self, item: Item, picture: Picture) -> None:
        known = item in self._document.case.items
        if not known and not self._document.add_item(item):
            return
        self._pictures.hold(item.id, picture)
        if picture.evidence.path != item.path:
            self._document.move_item(item.id, picture.evidence.path)
        self._preferences.remember(picture.evidence.path)
        self._session.choose_item(item.id)
        self._session.picture_opened.emit(item.id)
        self._session.untitled.begin_soon()

    def _item_of(self, picture: Picture) -> Item | None:
        """The item that has this very file, or whose file is missing and was the same."""
        path, sha256 = picture.evidence.path, picture.evidence.sha256
        same = [item for item in self._document.case.items if item.sha256 == sha256]
        missing = [item for item in same if self._pictures.is_gone(item)]
        return next((item for item in same if item.path == path), next(iter(missing), None))

    def _read_chosen(self) -> None:
        """Of a large case only what is looked at is read."""
        item = self._session.item
        if item is not None and self._session.picture is None and item.id not in self._pictures.missing:
            self._pictures.reopen(item, self._document.maps.picture_file(item))

    def _on_picture_reopened(self, item_id: str) -> None:
        self._session.case_changed.emit()
        if self._pictures.get(item_id) is None:
            if item_id == self._session.item_id:
                self._session.item_chosen.emit()  # say why it is not there
            return
        self._session.picture_opened.emit(item_id)
        if item_id == self._session.item_id:
            self._session.item_chosen.emit()
            self._session.choose_layer(self._session.layer_id)

    # Save, open, leave

    def save(self, folder: Path) -> None:
        """Give the case a folder of its own: one without a name is moved there, any other copied."""
        folder = folder.absolute()
        self._session.untitled.settle()
        if self._document.untitled:
            self._session.untitled.name(folder)
            return
        case, maps, by = (
            self._document.case,
            self._document.maps,
            self._preferences.settings.examiner,
        )

        def then(store: CaseStore) -> None:
            if store.case.id != self._document.case.id:  # it was left while it was written
                store.close()
                self._preferences.remember(folder)
                return
            self._document.adopt(store, same_case=True)
            self.tell_saved(folder)

        self._session.tasks.run(
            lambda: CaseStore.save_as(folder, case, maps, by), then, self._session.failed.emit
        )

    def create(self, folder: Path) -> None:
        """Make a case in a new folder, and leave what is open once that went well."""
        case, by = Case(new_id(), self.empty_details()), self._preferences.settings.examiner
        self._take(lambda: CaseStore.save_as(folder.absolute(), case, None, by), [])

    def open(self, folder: Path, pictures: list[Path] | None = None) -> None:
        """Read a case and show its first picture; what is open is left once that went well.

        If another case is asked for meanwhile, the later one holds. Pictures are then opened in it.
        """
        if folder.absolute() == self._document.folder and not self._document.read_only:
            self._open_pictures(pictures or [])
            return
        by = self._preferences.settings.examiner
        self._take(lambda: CaseStore.open(folder.absolute(), by), pictures or [])

    def _take(self, make: Callable[[], CaseStore], pictures: list[Path]) -> None:
        self._asked = asked = object()

        def then(store: CaseStore) -> None:
            if asked is not self._asked:
                store.close()
                return
            self._on_case_read(store)
            self._open_pictures(pictures)

        self._session.tasks.run(make, then, self._session.failed.emit)

    def _on_case_read(self, store: CaseStore) -> None:
        self._leave()
        self._document.adopt(store, same_case=False)
        if self._document.case.items:
            self._session.choose_item(self._document.case.items[0].id)
        self.tell_saved(store.folder)

    def start_new(self) -> None:
        """Leave this case and begin an empty one."""
        self._asked = object()
        self._leave()
        self._document.start_new(self.empty_details())

    def _leave(self) -> None:
        self._session.untitled.leave()
        self._session.running.cancel()
        self._pictures.forget()
        self._arrived.clear()
        self._session.shelf.forget()
        self._session.look_at_nothing()

    def tell_saved(self, folder: Path) -> None:
        """The case is in a folder now, by saving or opening it."""
        if not self._document.untitled:
            self._preferences.remember(folder)
        self._session.saved.emit(folder)

    def empty_details(self) -> CaseDetails:
        """Of a new case: the names in the settings."""
        settings = self._preferences.settings
        return CaseDetails(examiner=settings.examiner, organisation=settings.organisation)
