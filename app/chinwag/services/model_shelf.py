"""The installed models, the one that is chosen, and how near it is to answering."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from chinwag.core.errors import ChinwagError
from chinwag.core.model import BrokenModel, InstalledModel, ModelPhase, ModelState
from chinwag.engine.protocol import DevicesFound, Failed, Loaded, Loading, Opened, Unloaded
from chinwag.hub.library import Library
from chinwag.services.engine_client import EngineClient, error_of
from chinwag.services.preferences import PreferencesService
from chinwag.services.tasks import Tasks


class ModelShelf(QObject):
    """Lists models and drives the engine to have the chosen one open or loaded.

    Choosing opens the vocabulary, so that prompts can be counted; `load` brings the weights.
    """

    models_listed = Signal(list)  # of InstalledModel
    broken_listed = Signal(list)  # of BrokenModel, right after models_listed
    model_state_changed = Signal(ModelState)
    model_refused = Signal(ChinwagError)  # what was to be chosen cannot be; the choice stays
    devices_listed = Signal(list)  # of (name, description): what a model can run on

    def __init__(
        self,
        library: Library,
        engine: EngineClient,
        preferences: PreferencesService,
        tasks: Tasks,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._engine = engine
        self._preferences = preferences
        self._tasks = tasks
        self._models: list[InstalledModel] = []
        self._state = ModelState(ModelPhase.NONE)
        self._open_id = 0
        self._load_id = 0
        self._window = 0  # what the open chat wishes for itself; 0 for what the settings say
        self._loaded_with: tuple[int, int, str] | None = None
        self._is_open = False
        # One death in a row is put right unasked; a file that kills the engine must not loop.
        self._may_reopen = False
        engine.opened.connect(self._on_opened)
        engine.loading.connect(self._on_loading)
        engine.loaded.connect(self._on_loaded)
        engine.unloaded.connect(self._on_unloaded)
        engine.failed.connect(self._on_failed)
        engine.died.connect(self._on_died)
        engine.devices_found.connect(self._on_devices_found)

    @property
    def state(self) -> ModelState:
        """The chosen model and how far it is."""
        return self._state

    @property
    def models(self) -> list[InstalledModel]:
        """The models as they were last listed."""
        return list(self._models)

    @property
    def is_open(self) -> bool:
        """Whether the engine can count and render for the chosen model."""
        return self._is_open

    def refresh(self) -> None:
        """List the models again; the first time chooses the one used last, else the starter."""
        self._tasks.submit(self._library.survey, self._on_listed, self.model_refused.emit)

    def choose(self, model_id: str, loads: bool = False) -> None:
        """Choose an installed model; `model_state_changed` or `model_refused` follows.

        With `loads` it is loaded at once, without waiting for a question.
        """

        def on_found(model: InstalledModel) -> None:
            self._on_found(model)
            if loads:
                self.load()

        self._tasks.submit(lambda: self._library.find(model_id), on_found, self.model_refused.emit)

    def choose_file(self, path: Path) -> None:
        """Choose a file anywhere on this computer."""
        self.choose(str(path))

    def use(self, model: InstalledModel) -> None:
        """Choose a model for this run only."""
        same = self._state.model is not None and self._state.model.path == model.path
        if same and self._state.phase in (ModelPhase.LOADING, ModelPhase.READY):
            self._change(self._state)
            return
        if self._state.phase is ModelPhase.LOADING:
            self._engine.cancel(self._load_id)
        elif self._state.phase is ModelPhase.READY:
            self._engine.unload()
        self._is_open = False
        self._may_reopen = False
        self._open_id = self._engine.open(model.path)
        self._change(ModelState(ModelPhase.NOT_LOADED, model))

    def load(self) -> None:
        """Load the chosen model, or load it again if the settings for it have changed."""
        model, wanted = self._state.model, self._wanted(self._window)
        if model is None or self._state.phase is ModelPhase.LOADING:
            return
        if self._state.phase is ModelPhase.READY and self._loaded_with == wanted:
            return
        self._loaded_with = wanted
        self._load_id = self._engine.load(model.path, *wanted)
        self._change(ModelState(ModelPhase.LOADING, model))

    def set_window(self, tokens: int) -> None:
        """Have a window of so many tokens at the next load; 0 for what the settings say."""
        self._window = tokens

    def is_loaded_for(self, window: int) -> bool:
        """Whether the model is loaded as it would be with this window wished for."""
        return self._state.phase is ModelPhase.READY and self._loaded_with == self._wanted(window)

    def cancel_load(self) -> None:
        """Stop loading; the state goes back to not loaded when the engine has let go."""
        if self._state.phase is ModelPhase.LOADING:
            self._engine.cancel(self._load_id)

    def eject(self) -> None:
        """Free the model's memory, after a reply under way."""
        if self._state.phase is ModelPhase.READY:
            self._engine.unload()
        self.cancel_load()

    def leave(self, model: InstalledModel) -> None:
        """Choose another model where this one was chosen: it is here no longer."""
        if self._preferences.settings.default_model == model.id:
            self._preferences.change(default_model="")
        chosen = self._state.model
        self._models = [one for one in self._models if one.path != model.path]
        if chosen is not None and chosen.path == model.path and self._models:
            self._use_first("")

    def list_devices(self) -> None:
        """Ask the engine what it can run on; `devices_listed` follows."""
        self._engine.devices()

    @Slot(DevicesFound)
    def _on_devices_found(self, event: DevicesFound) -> None:
        found = [(str(device["name"]), str(device["description"])) for device in event.devices]
        self.devices_listed.emit(found)

    @Slot(Opened)
    def _on_opened(self, event: Opened) -> None:
        if event.id in (self._open_id, self._load_id):
            self._is_open = True

    @Slot(Loading)
    def _on_loading(self, event: Loading) -> None:
        if event.id == self._load_id and self._state.phase is ModelPhase.LOADING:
            self._change(replace(self._state, fraction=event.fraction))

    @Slot(Loaded)
    def _on_loaded(self, event: Loaded) -> None:
        if event.id != self._load_id or self._state.phase is not ModelPhase.LOADING:
            return
        self._may_reopen = True
        self._change(
            ModelState(
                ModelPhase.READY,
                self._state.model,
                fraction=1.0,
                window_tokens=event.window_tokens,
                threads=event.threads,
                seconds=event.seconds,
            )
        )

    @Slot(Unloaded)
    def _on_unloaded(self, _event: Unloaded) -> None:
        if self._state.phase is ModelPhase.READY:
            self._change(ModelState(ModelPhase.NOT_LOADED, self._state.model))

    @Slot(Failed)
    def _on_failed(self, event: Failed) -> None:
        if event.id == self._open_id:
            self._is_open = False
            self._fail(error_of(event))
        elif event.id == self._load_id and self._state.phase is ModelPhase.LOADING:
            if event.code == "engine.load_cancelled":
                self._change(ModelState(ModelPhase.NOT_LOADED, self._state.model))
            else:
                self._fail(error_of(event))

    @Slot(ChinwagError)
    def _on_died(self, error: ChinwagError) -> None:
        was_open, self._is_open = self._is_open, False
        model, phase = self._state.model, self._state.phase
        if model is None or phase is ModelPhase.FAILED:
            return
        if not was_open or phase is ModelPhase.LOADING or error.code == "engine.stuck":
            self._fail(error)
            return
        self._change(ModelState(ModelPhase.NOT_LOADED, model))
        if self._may_reopen:
            self._may_reopen = False
            self._open_id = self._engine.open(model.path)

    def _on_listed(self, survey: tuple[list[InstalledModel], list[BrokenModel]]) -> None:
        models, broken = survey
        self._models = models
        self.models_listed.emit(models)
        self.broken_listed.emit(broken)
        if self._state.model is not None:
            self._take_name(self._state.model)
            return
        wanted = self._preferences.settings.default_model
        if wanted and all(model.id != wanted for model in models):
            # A file outside the library is called by its path.
            find = self._library.find
            self._tasks.submit(lambda: find(wanted), self.use, lambda _error: self._use_first(""))
        else:
            self._use_first(wanted)

    def _take_name(self, chosen: InstalledModel) -> None:
        """Call the chosen model as it is called by now."""
        for model in self._models:
            if model.path == chosen.path and model.name != chosen.name:
                self._change(replace(self._state, model=model))

    def _use_first(self, wanted: str) -> None:
        found = [model for model in self._models if model.id == wanted]
        for model in (found or self._models)[:1]:
            self.use(model)

    def _on_found(self, model: InstalledModel) -> None:
        self._preferences.change(default_model=model.id)
        self.use(model)

    def _wanted(self, window: int) -> tuple[int, int, str]:
        settings = self._preferences.settings
        return (window or settings.window_tokens, settings.threads, settings.device)

    def _fail(self, error: ChinwagError) -> None:
        self._change(ModelState(ModelPhase.FAILED, self._state.model, error=error))

    def _change(self, state: ModelState) -> None:
        self._state = state
        self.model_state_changed.emit(state)
