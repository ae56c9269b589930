"""Build the application from its parts. What the first frame does not need is loaded later, in another thread."""

from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING, Any

from wbtui.app import Workbench
from wbtui.domain.projects import StartLocation
from wbtui.errors import KubeconfigError, SettingsError
from wbtui.repository import Clusters
from wbtui.startup.dump import forbid_core_dumps
from wbtui.startup.lazy_clusters import LazyClusters
from wbtui.startup.rest_of_program import load_rest
from wbtui.storage.audit import AuditLog
from wbtui.storage.files import StorageError
from wbtui.storage.folders import state_folder
from wbtui.storage.problems import Problems
from wbtui.storage.session_state import SessionState

if TYPE_CHECKING:
    from wbtui.storage.settings import Settings


class Assembly:
    """The application and its clusters; `flags` are the settings from the command line."""

    def __init__(self, flags: Mapping[str, Any], start: StartLocation) -> None:
        self._flags = flags
        self._problems = Problems()
        state, self._audit = _storage(self._problems)
        clusters = LazyClusters(self._load, self._start_demo)
        self.app = Workbench(
            clusters, start=start, state=state, audit=self._audit, problems=self._problems, later=load_rest()
        )
        self.app.themes.begin()

    def _load(self) -> Clusters:
        forbid_core_dumps()
        from wbtui.cluster.clusters import KubernetesClusters  # noqa: PLC0415  takes as long as Textual
        from wbtui.cluster.preferences import preferences_of  # noqa: PLC0415
        from wbtui.storage.settings import read_settings  # noqa: PLC0415

        settings = read_settings(self._flags)
        self._apply(settings)
        self._check_contexts(settings)
        return KubernetesClusters(preferences_of(settings, self._audit.append))

    def _start_demo(self, started: AsyncExitStack) -> Clusters:
        forbid_core_dumps()
        from wbtui.cluster.clusters import KubernetesClusters, Preferences  # noqa: PLC0415
        from wbtui.cluster.connection import RequestOptions  # noqa: PLC0415
        from wbtui.demo.serve import DemoSession  # noqa: PLC0415
        from wbtui.domain.trials import TrialOptions  # noqa: PLC0415
        from wbtui.storage.settings import read_settings, trial_options  # noqa: PLC0415

        demo = started.enter_context(DemoSession())
        trials = TrialOptions()
        try:
            settings = read_settings(self._flags)
            self._apply(settings)
            trials = trial_options(settings)
        except SettingsError as error:  # the demo also starts with broken settings
            self._problems.report("settings", str(error))
        options = RequestOptions(self._flags.get("impersonate", ""), read_only=bool(self._flags.get("read_only")))
        namespace = self._flags.get("namespace")
        return KubernetesClusters(
            Preferences(
                str(demo.kubeconfig), options=options, namespace=namespace, note=self._audit.append, trials=trials
            )
        )

    def _apply(self, settings: "Settings") -> None:
        self.app.call_from_thread(self.app.themes.choose, settings.theme)
        if not settings.mouse:
            self.app.call_from_thread(self.app.leave_mouse)
        self._apply_keys(settings)
        self._apply_columns(settings)

    def _apply_columns(self, settings: "Settings") -> None:
        if not settings.columns:
            return
        try:
            self.app.call_from_thread(self.app.use_columns, settings.columns)
        except ValueError as error:
            self._problems.report("columns", f"The columns in the settings have no effect: {error}")

    def _apply_keys(self, settings: "Settings") -> None:
        if settings.keys:
            from wbtui.screens.keys import keymap_of  # noqa: PLC0415  it loads all screens

            keymap, problems = keymap_of(settings.keys)
            self.app.call_from_thread(self.app.set_keymap, keymap)
            if problems:
                self._problems.report("keys", f"Keys in the settings have no effect: {'; '.join(problems)}")

    def _check_contexts(self, settings: "Settings") -> None:
        from wbtui.cluster.kubeconfig import Kubeconfig  # noqa: PLC0415
        from wbtui.storage.settings import unknown_contexts  # noqa: PLC0415

        if not settings.contexts:
            return
        with suppress(KubeconfigError):  # connecting reports the same error
            names = [context.name for context in Kubeconfig.of(settings.kubeconfig).contexts()]
            if unknown := list(unknown_contexts(settings, names)):
                self._problems.report("contexts", "; ".join(unknown))


def _storage(problems: Problems) -> tuple[SessionState, AuditLog]:
    try:
        folder = state_folder()
    except StorageError as error:
        problems.report("state folder", str(error))
        return SessionState(), AuditLog()
    return SessionState.load(folder / "choices.json", problems), AuditLog(folder / "audit.log", problems)
