"""What the tests of the engine share."""

from collections.abc import Callable
from queue import Queue

from workbench.core.analysis import AnalysisRequest
from workbench.engine.client import EngineClient
from workbench.engine.messages import FromWorker

Ask = Callable[..., AnalysisRequest]


class Engine:
    """A client whose messages wait in a queue."""

    def __init__(self) -> None:
        self.messages: Queue[FromWorker] = Queue()
        self.client = EngineClient(self.messages.put)

    def until(self, *kinds: type) -> tuple[FromWorker, list[FromWorker]]:
        """The next message of one of the kinds, and those before it."""
        before: list[FromWorker] = []
        while not isinstance(message := self.messages.get(timeout=180), kinds):
            before.append(message)
        return message, before
