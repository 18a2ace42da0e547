"""Errors that are sentences: what happened, what it means, what to do."""


class WorkbenchError(Exception):
    """Something the user can act on; its text is shown as it is, without a traceback."""


class EvidenceError(WorkbenchError):
    """A file could not be opened as a picture."""


class EvidenceChangedError(EvidenceError):
    """A file is no longer the one that was opened."""


class WeightsError(WorkbenchError):
    """A weight file is missing, damaged or does not fit the network."""


class RegionError(WorkbenchError):
    """A region lies outside its picture or is too small."""


class CaseError(WorkbenchError):
    """A case could not be written or read."""


class EngineError(WorkbenchError):
    """The worker process could not finish a request."""


class AnalysisCancelled(Exception):  # noqa: N818 - the user's wish, not an error
    """The user stopped an analysis."""
