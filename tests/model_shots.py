"""Pictures of the window of models: recommended, installed, and what asks how a file comes in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtWidgets import QMessageBox

from chinwag.core.taking_in import FoundModel, WorkProgress
from chinwag.ui.dialogs.found_dialog import FoundDialog
from chinwag.ui.dialogs.take_in_dialog import TakeInDialog
from core.model_files import write_model


def picture_models(app, wait: Callable[[Callable[[], bool]], None], save: Callable) -> None:
    """Saves a picture of each state: none of them is of the main window."""
    from chinwag.ui.model_window import ModelTab

    services = app.services
    folder = services.paths.models
    for name, template in (
        ("Qwen3.5-4B-Q4_K_M", "{{ messages }}"),
        ("a-model-with-a-name-that-is-longer-than-any-window-is-wide-Q8_0", "{{ messages }}"),
        ("SmolLM2-135M-base-F16", ""),
    ):
        write_model(folder / f"{name}.gguf", template=template)
    far = write_model(services.paths.data / "elsewhere" / "Linked-Q6_K.gguf")
    last_week = datetime.now(UTC) - timedelta(days=8)
    services.registry.change(far, is_linked=True, name="A linked one", noted_at=last_week)
    services.registry.change(far, sha256="0" * 64, verified_at=datetime.now(UTC))
    (folder / "half-a-file.gguf").write_bytes(b"GGUF" + bytes(20))
    models = app.models
    window = models.open_tab(ModelTab.RECOMMENDED)
    window.resize(880 if app.window.width() > 900 else max(440, app.window.width() - 50), 680)
    wait(lambda: app.recommended.page.lit is not None and app.recommended.page.lit.is_best)
    app.recommended.page.list.setFocus()
    save(window, "70-recommended")
    services.network.go_offline(True)
    app.recommended.page.download_button.click()
    wait(app.recommended.page.notice.isVisible)
    save(window, "76-recommended-offline")
    services.network.go_offline(False)
    app.recommended.page.tell("")
    window.show_tab(ModelTab.INSTALLED)
    page = models.installed
    wait(lambda: page.list.topLevelItemCount() == 6)
    page.list.setFocus()
    page.list.setCurrentItem(page.list.topLevelItem(1))
    found = [
        FoundModel("LM Studio", "gemma-3-4b-it-Q4_K_M", Path("/there/a.gguf"), 2_500_000_000),
        FoundModel("Ollama", "llama3.2:3b", Path("/there/b"), 2_000_000_000),
    ]
    page.set_others(found)
    page.set_work(WorkProgress("verify", "Qwen3.5-4B-Q4_K_M.gguf", 10**9, 3 * 10**9))
    save(window, "71-installed")
    page.work.hide()
    page.tell("Qwen3.5-4B is whole: every byte is as it should be.")
    page.list.setCurrentItem(page.list.topLevelItem(5))
    save(window, "72-installed-broken")
    page.tell("")
    page.list.setCurrentItem(page.list.topLevelItem(4))
    save(window, "77-installed-noted")
    for dialog, name in (
        (TakeInDialog(app.theme, [far], 4 * 10**9, folder, window), "73-take-in"),
        (FoundDialog(app.theme, found, window), "74-found"),
    ):
        dialog.open()
        save(dialog, name)
        dialog.reject()
    page.list.setCurrentItem(page.list.topLevelItem(1))
    page.card.ask_to_remove()
    [box] = page.card.findChildren(QMessageBox)
    save(box, "75-delete")
    box.reject()
    window.close()
