from collections.abc import Callable

from wbtui.cluster.clusters import Preferences
from wbtui.cluster.connection import RequestOptions
from wbtui.domain.audit_record import AuditRecord
from wbtui.domain.prefixes import Prefixes
from wbtui.storage.folders import cache_folder
from wbtui.storage.settings import Settings, trial_options


def preferences_of(settings: Settings, note: Callable[[AuditRecord], None]) -> Preferences:
    """Return what the settings say of clusters; `note` gets a record of every write."""
    return Preferences(
        settings.kubeconfig,
        Prefixes(settings.metadata_prefix, settings.workbench_prefix),
        settings.email,
        RequestOptions(settings.impersonate, settings.request_timeout, settings.read_only),
        context=settings.context,
        namespace=settings.namespace,
        read_only=frozenset(name for name, context in settings.contexts.items() if context.read_only),
        protected=frozenset(name for name, context in settings.contexts.items() if context.protected),
        trials=trial_options(settings),
        may_try={
            name: context.try_credentials
            for name, context in settings.contexts.items()
            if "try_credentials" in context.given
        },
        note=note,
        cache=cache_folder(),
    )
