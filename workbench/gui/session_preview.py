"""From the hand to the record: a preview while a region moves, the strict crop once it rests."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from workbench.core.analysis import Analysis
from workbench.core.region import Region
from workbench.gui.previews import Previews
from workbench.gui.runs import request_of

if TYPE_CHECKING:
    from workbench.gui.session import Session

REST_MS = 700
"""After this long without an arrow key a region rests."""


class PreviewDesk(QObject):
    """What the session does with previews.

    The strict crop is run only where a preview was shown, as its replacement, and waits for a run under way.
    One that this has started is given up when the region is taken hold of again.
    """

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.previews = Previews(session.engine, self)
        self._due = ""
        self._own = ""
        self._held = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._try)
        self.previews.settled.connect(self._try)
        session.runs.finished.connect(lambda _: self.previews.may_retry())
        session.analysis_finished.connect(self._on_finished)
        session.analysis_stopped.connect(self._on_stopped)
        session.busy_changed.connect(self._try)
        session.item_chosen.connect(self._forget)
        session.case_changed.connect(self._on_case_changed)

    def drag(self, region: Region | None) -> None:
        """A region is under the hand, or was given up."""
        if not self._held:
            self.previews.may_retry()
        self._held = region is not None
        self._due = ""
        if region is None:
            self.previews.clear()
        else:
            self._give_up_own_run()
            self._follow(region)

    def let_go(self, region: Region) -> None:
        """The hand let go of a region: it is of the case now."""
        self._held = False
        self._settle(region)
        self._try()

    def nudge(self, region: Region) -> None:
        """A key moved a region; more may follow."""
        if not self._rest.isActive():
            self.previews.may_retry()
        self._give_up_own_run()
        self._settle(region)
        self._rest.start()

    def _settle(self, region: Region) -> None:
        self._due = region.id
        shown = self.previews.shown
        if shown is None or shown.region.box != region.box or self.previews.waiting:
            self._follow(region)

    def _follow(self, region: Region) -> None:
        session = self._session
        item, card = session.item, session.preferences.card
        if item is not None and session.picture is not None and card is not None:
            request = request_of(session.document.readable(item), region, card, session.preferences.settings)
            self.previews.follow(item, region, request, card)

    def _try(self) -> None:
        """Run the strict crop of what rests, if it is time."""
        item, shown = self._session.item, self.previews.shown
        if not self._due or self._held or self.previews.waiting or self._rest.isActive() or item is None:
            return
        region = next((r for r in item.regions if r.id == self._due), None)
        wanted = self._session.preferences.settings.strict_on_release
        if not wanted or region is None or shown is None or shown.region.box != region.box:
            self._due = ""
        elif not self._session.busy:
            self._due = ""
            self._session.running.analyse(region)
            run = self._session.runs.current
            self._own = run.request.id if run is not None else ""

    def _give_up_own_run(self) -> None:
        run = self._session.runs.current
        if run is not None and run.request.id == self._own:
            self._session.running.cancel()

    def _on_finished(self, run: Analysis) -> None:
        shown = self.previews.shown
        replaced = shown is not None and run.region is not None and shown.region.box == run.region.box
        if replaced and not self._held:
            self.previews.clear()
        self._try()

    def _on_stopped(self) -> None:
        if not self._held and not self._due:
            self.previews.clear()
        self._try()

    def _on_case_changed(self) -> None:
        """A preview of a region that is gone, by undo, say, goes with it."""
        item, shown = self._session.item, self.previews.shown
        if shown is None or not shown.region.id or self._held or item is None:
            return
        if not any(region.id == shown.region.id for region in item.regions):
            self._forget()

    def _forget(self) -> None:
        self._due, self._held = "", False
        self._rest.stop()
        self.previews.clear()
