"""Pictures of the search for models, of repositories and of the network page, over a stand-in."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from chinwag.application import Application
from chinwag.ui.model_window import ModelTab
from hub_samples import furnish
from standin_hub.faults import Fault, FaultKind
from standin_hub.hub import StandinHub


def picture_the_hub(
    app: Application,
    wait: Callable[[Callable[[], bool]], None],
    save: Callable[[QWidget, str], None],
) -> None:
    """Go through the states in the window of models; `save` pictures it."""
    with StandinHub() as hub:
        furnish(hub)
        app.services.preferences.change(hub_address=hub.url)
        window = app.models.open_tab(ModelTab.SEARCH)
        width = app.window.width()
        window.resize(min(window.width(), width), window.height())
        page = app.hub.search
        assert page is not None
        view, browsing = page.repository, app.services.hub.browsing

        def settle() -> None:
            wait(lambda: not app.services.hub.search.is_asking)

        save(window, "60-search-idle")
        page.field.setText("gguf")
        settle()
        save(window, "61-search-results")
        page.field.setText("maker/Meadow-4B-GGUF:Q4_K_M")
        settle()
        save(window, "62-search-direct")
        page.direct.click()
        wait(lambda: view.repository is not None and bool(view.card.parts) and view.card.is_whole)
        save(window, "63-repository")
        bar = view.scroll_area.verticalScrollBar()
        bar.setValue(bar.maximum())
        save(window, "64-repository-card")
        for name, shot in (("walled/Garden-27B-GGUF", "65-repository-gated"),):
            page.show_list()
            page.look_for(name)
            settle()
            page.direct.click()
            wait(lambda: view.repository is not None)
            save(window, shot)
        page.show_list()
        page.look_for("zebra")
        settle()
        save(window, "66-search-nothing")
        hub.faults.add(Fault(FaultKind.STATUS, status=429, headers={"Retry-After": "90"}))
        page.look_for("meadow")
        settle()
        save(window, "67-search-error")
        page.look_for("")
        window.show_tab(ModelTab.NETWORK)
        network = app.hub.network
        assert network is not None
        wait(lambda: network.list.topLevelItemCount() > 0)
        save(window, "68-network")
        hub.repositories.tokens["hf_shots"] = set()
        hub.api.names["hf_shots"] = "reader"
        network.token.setText("hf_shots")
        network.add_button.click()
        wait(lambda: app.services.hub.account.account.has_token)
        network.offline.click()
        save(window, "69-network-offline")
        window.show_tab(ModelTab.SEARCH)
        page.look_for("meadow")
        settle()
        save(window, "70-search-offline")
        app.services.preferences.change(works_offline=False, hub_address="")
        window.close()
        assert browsing.reference is not None
