"""The commands of the palette: the actions of a screen by name, and the themes."""

from collections.abc import Callable, Iterator
from functools import partial

from textual.app import App, SystemCommand
from textual.binding import ActiveBinding
from textual.screen import Screen

from wbtui.domain.theme_names import MORE_THEMES, OWN_THEMES


def commands_of(app: App[None], screen: Screen[object], choose_theme: Callable[[str], None]) -> Iterator[SystemCommand]:
    """Yield each action of a screen that is possible now, once even if it has several keys; and each theme."""
    offered: dict[str, list[ActiveBinding]] = {}
    for active in screen.active_bindings.values():
        if active.enabled and active.tooltip and active.binding.id:
            offered.setdefault(active.binding.id, []).append(active)
    for same in offered.values():
        node, binding, _, tooltip = same[0]
        keys = ", ".join(app.get_key_display(active.binding) for active in same)
        yield SystemCommand(f"{binding.description}: {tooltip}", keys, _runner(app, node, binding.action))
    for name in (*OWN_THEMES, *MORE_THEMES):
        yield SystemCommand(f"Theme: {name}", "", partial(choose_theme, name))


def _runner(app: App[None], node: object, action: str) -> Callable[[], object]:
    return lambda: app.run_worker(app.run_action(action, node))  # type: ignore[arg-type]
