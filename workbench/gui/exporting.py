"""Export of the report on the picture in sight, off the GUI thread."""

from collections.abc import Callable
from pathlib import Path

from workbench.core.paths import unused
from workbench.gui.session import Session


def default_name(session: Session) -> str:
    """Name of a report's folder beside others."""
    return f"{Path(session.item.name).stem if session.item else 'case'}-report"


def export(session: Session, folder: Path, then: Callable[[Path], None]) -> None:
    """Write the report into a new folder; a number is added if it is there. Failures go to `failed`."""
    item, picture = session.item, session.picture
    if item is None or picture is None:
        session.failed.emit(
            session.tr(
                "There is no report without the picture. Open its file first; a file that was moved may be "
                "opened at its new place."
            )
        )
        return
    case, maps, target = session.document.case, session.document.maps, unused(folder)

    def work() -> Path:
        from workbench.report.export import export_report  # noqa: PLC0415 - templates load with it

        return export_report(target, case, item, picture.evidence, maps).folder

    session.tasks.run(work, then, session.failed.emit)
