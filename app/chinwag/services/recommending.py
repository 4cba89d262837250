"""What we recommend for this computer: the catalogue, and the machine it is compared with."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.errors import ChinwagError
from chinwag.core.fit import Machine
from chinwag.core.recommended import CatalogueModel, recommend
from chinwag.services.machine import MachineService
from chinwag.services.preferences import PreferencesService
from chinwag.services.tasks import Tasks


class RecommendationService(QObject):
    """Reads the catalogue once; lists at once what fits, and again when the speed is known."""

    recommended = Signal(list, Machine)  # of Recommendation, and what they were compared with
    trouble = Signal(ChinwagError)  # the catalogue cannot be read

    def __init__(
        self,
        read: Callable[[], list[CatalogueModel]],
        machine: MachineService,
        preferences: PreferencesService,
        tasks: Tasks,
        parent: QObject | None = None,
    ) -> None:
        """`read` gives the catalogue and may raise ChinwagError."""
        super().__init__(parent)
        self._read = read
        self._machine = machine
        self._preferences = preferences
        self._tasks = tasks
        self._models: list[CatalogueModel] | None = None
        machine.machine_measured.connect(self._on_machine_measured)

    def refresh(self) -> None:
        """List again, for the memory that is free now; `recommended` follows, once or twice."""
        if self._models is None:
            self._tasks.submit(self._read, self._on_read, self.trouble.emit)
        else:
            self._list(self._machine.machine)

    @Slot(Machine)
    def _on_machine_measured(self, machine: Machine) -> None:
        self._list(machine)

    def _on_read(self, models: list[CatalogueModel]) -> None:
        self._models = models
        self._list(self._machine.machine)
        self._machine.measure()

    def _list(self, machine: Machine) -> None:
        if self._models is not None:
            window = self._preferences.settings.window_tokens
            self.recommended.emit(recommend(self._models, machine, window), machine)
