"""Keeps the list of suggestions, and what is drawn of them, in step with the session."""

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QIcon

from workbench.core.case import Item
from workbench.core.search import Search, Suggestion
from workbench.gui.search_panel import Entry, picture_of
from workbench.gui.session import Session
from workbench.gui.window_layout import WindowLayout


class SearchPresenter(QObject):
    """Suggestions are drawn on the picture while their panel is in front."""

    def __init__(self, session: Session, parts: WindowLayout, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session, self.parts = session, parts
        self._desk = session.search
        self._rank = 0
        self._icons: dict[tuple[str, int], QIcon] = {}
        panel, searches = parts.search, self._desk.searches
        self._desk.changed.connect(self.show)
        session.case_changed.connect(self.show)
        session.item_chosen.connect(self.show)
        session.busy_changed.connect(self.show)
        searches.planned.connect(parts.status.show_plan)
        searches.progressed.connect(parts.status.show_progress)
        searches.started.connect(lambda: parts.tabs.setCurrentWidget(panel))
        searches.finished.connect(lambda *_: parts.tabs.setCurrentWidget(panel))
        panel.looked_at.connect(self._on_looked_at)
        panel.accepted.connect(self._desk.accept)
        panel.dismissed.connect(self._desk.dismiss)
        panel.windows_wanted.connect(lambda _: self._draw())
        panel.least_score_chosen.connect(self._desk.choose_least_score)
        parts.tabs.currentChanged.connect(lambda _: self._draw())
        self.show()

    def show(self) -> None:
        """List what the newest search of this picture suggests."""
        item, search = self.session.item, self._desk.search
        found = search.result.suggestions if search else ()
        entries = [self._entry(item, search, s) for s in found] if item and search else []
        self.parts.search.show_entries(self._summary(search), entries)
        self._enable()
        self._draw()

    def _entry(self, item: Item, search: Search, suggestion: Suggestion) -> Entry:
        x, y, width, height = suggestion.box
        place = self.tr("{rank} · score {score}\nx {x}  y {y}  {width} × {height}").format(
            rank=suggestion.rank, score=f"{suggestion.score:.3f}", x=x, y=y, width=width, height=height
        )
        region_id = self._desk.region_of(suggestion.rank)
        region = next((r for r in item.regions if r.id == region_id), None)
        dismissed = self._desk.is_dismissed(suggestion.rank)
        if region is not None:
            state = self.tr("accepted as {name}").format(name=region.name)
        elif dismissed:
            state = self.tr("dismissed")
        elif suggestion.rank in dict(search.accepted):
            state = self.tr("accepted; its region was deleted")
        else:
            state = ""
        text = f"{place}\n{state}" if state else place
        return Entry(suggestion.rank, text, self._icon(search, suggestion), dismissed)

    def _icon(self, search: Search, suggestion: Suggestion) -> QIcon:
        key, picture = (search.id, suggestion.rank), self.session.picture
        if key not in self._icons and picture is not None:
            evidence = picture.evidence
            self._icons[key] = picture_of(evidence.pixels, suggestion.box, evidence.decode.orientation)
        return self._icons.get(key, QIcon())

    def _summary(self, search: Search | None) -> str:
        current = self._desk.searches.current
        if current is not None and current.item_id == self.session.item_id:
            return self.tr("Searching … Esc stops it.")
        if search is None:
            return self.tr(
                "A search tries windows all over the picture and suggests at most 8 places that stand out in "
                "them and that the run of the whole picture does not show at its threshold. Start it with "
                "Shift+S."
            )
        counts = self.tr("{windows} windows tried, {suggested} suggested, {accepted} accepted.").format(
            windows=len(search.result.windows),
            suggested=len(search.result.suggestions),
            accepted=len(search.accepted),
        )
        if search.result.suggestions:
            return counts
        return f"{counts} " + self.tr("This does not show that the picture is genuine.")

    def _enable(self) -> None:
        session, actions = self.session, self.parts.actions
        write = not session.document.read_only
        able = session.picture is not None and not session.busy and session.preferences.card is not None
        actions["search_regions"].setEnabled(able and write)
        open_ = bool(self.parts.search.rank) and self._desk.region_of(self.parts.search.rank) is None
        for name in ("accept_suggestion", "dismiss_suggestion"):
            actions[name].setEnabled(open_ and write)

    def _on_looked_at(self, rank: int) -> None:
        self._rank = rank
        self._enable()
        self._draw()
        suggestion = self._desk.suggestion(rank)
        if suggestion is not None and rank == self.parts.search.rank:  # chosen, not just pointed at
            self.parts.stage.bring_into_sight(QRect(*suggestion.box))

    def _draw(self) -> None:
        search, parts = self._desk.search, self.parts
        in_front = parts.tabs.currentWidget() is parts.search
        if search is None or not in_front:
            parts.stage.show_suggestions((), 0, ())
            return
        shown = tuple(
            s
            for s in search.result.suggestions
            if s.rank == self._rank
            or (self._desk.region_of(s.rank) is None and not self._desk.is_dismissed(s.rank))
        )
        windows = search.result.windows if parts.search.windows.isChecked() else ()
        parts.stage.show_suggestions(shown, self._rank, windows)
