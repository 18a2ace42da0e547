"""Export of reports, off the GUI thread: on the picture in sight or on the whole case."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from workbench.core.case import Item
from workbench.core.errors import WorkbenchError
from workbench.core.evidence import Evidence, reopen
from workbench.core.paths import unused
from workbench.core.text import visible
from workbench.gui.session import Session

MOST_OF_NAME = 60


@dataclass(frozen=True)
class Wish:
    """What is to be written.

    Attributes:
        folder: that is made; a number is added if it is there.
        whole_case: all pictures, or the one in sight.
        html, pdf, exchange: see `report.export.Options`.
        key_file: PKCS#12 to sign the PDF with, or None.
        passphrase: of that file; never stored.
    """

    folder: Path
    whole_case: bool = False
    html: bool = True
    pdf: bool = True
    exchange: bool = True
    key_file: Path | None = None
    passphrase: str = field(default="", repr=False)


@dataclass(frozen=True)
class Written:
    """What came of it.

    Attributes:
        folder: with the report.
        unchanged: whether every file still has the hash that it had when it was opened.
    """

    folder: Path
    unchanged: bool


class ExportStoppedError(WorkbenchError):
    """The user's wish, told as a sentence."""


class Exporter(QObject):
    """Writes one report at a time."""

    progressed = Signal(int, int)
    """Steps done, steps in all."""
    written = Signal(object)
    """A `Written`."""
    refused = Signal(str)
    _step = Signal(int, int)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._stopped = False
        self.running = False
        self._step.connect(self.progressed, Qt.ConnectionType.QueuedConnection)

    def start(self, wish: Wish) -> None:
        """Write; answered by `written` or `refused`."""
        work = self._work(wish)
        if work is not None and not self.running:
            self.running, self._stopped = True, False
            self._session.tasks.run(work, self._on_written, self._on_refused)

    def stop(self) -> None:
        """Stop after the step at hand; nothing is left of the report."""
        self._stopped = True

    def _work(self, wish: Wish) -> Callable[[], tuple[Written, str]] | None:
        session = self._session
        item, picture = session.item, session.picture
        if not wish.whole_case and (item is None or picture is None):
            self.refused.emit(
                self.tr(
                    "There is no report without the picture. Open its file first; a file that was moved may "
                    "be opened at its new place."
                )
            )
            return None
        case, maps, target = session.document.case, session.document.maps, unused(wish.folder)
        if not wish.whole_case and item is not None:
            case = replace(case, items=(item,))

        def opened(wanted: Item) -> Evidence:
            if picture is not None and item is not None and wanted.id == item.id:
                return picture.evidence
            return reopen(maps.picture_file(wanted), wanted.sha256, wanted.name, wanted.path)

        head, assessments = session.document.log_head, session.preferences.settings.assessments

        def work() -> tuple[Written, str]:
            from workbench.report import export, record, signing  # noqa: PLC0415 - templates load with it

            sign = signing.signer(wish.key_file, wish.passphrase) if wish.key_file else None
            options = export.Options(wish.html, wish.pdf, wish.exchange, sign, self._on_step)
            log = record.LogHead(*head) if head else None
            issue = record.Issue(log=log, assessments=assessments)
            made = export.export_case(target, case, opened, maps, issue, options=options)
            return Written(made.folder, made.unchanged), made.record_sha256

        return work

    def _on_step(self, done: int, total: int) -> None:
        """In the thread that writes."""
        if self._stopped:
            raise ExportStoppedError(
                self.tr("The report was not written, as you asked; nothing is left of it.")
            )
        self._step.emit(done, total)

    def _on_written(self, made: tuple[Written, str]) -> None:
        self.running = False
        written, sha256 = made
        self._session.document.tell(
            "report exported",
            {"folder": str(written.folder), "record": sha256, "unchanged": written.unchanged},
        )
        self.written.emit(written)

    def _on_refused(self, sentence: str) -> None:
        self.running = False
        self.refused.emit(sentence)


def default_name(session: Session) -> str:
    """Name of a report's folder beside others."""
    stem = Path(session.item.name).stem if session.item else "case"
    return f"{visible(stem[:MOST_OF_NAME])}-report"


def export(session: Session, folder: Path, then: Callable[[Path], None]) -> None:
    """Write the report on the picture in sight, with everything in it. Failures go to `failed`."""
    exporter = Exporter(session, session)
    exporter.written.connect(lambda written: then(written.folder))
    exporter.refused.connect(session.failed)
    exporter.start(Wish(folder))
