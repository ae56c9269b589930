"""Put the keys of actions into texts: the settings can give an action another key."""

import re

from textual.dom import DOMNode

from wbtui.errors import ClusterError
from wbtui.terminal.textual_internals import bindings_of

_ID = re.compile(r"\{([a-z_]+\.[a-z_]+)\}")
RETRY = "list.again"


def with_keys(text: str, node: DOMNode) -> str:
    """Return `text` with the key of each `{id}` in it, as `{form.save}`.

    It is that of the top screen that has one, or else of a widget below `node`, which may have no focus now.
    """
    return _ID.sub(lambda found: _key_of(found[1], node), text)


def advice_of(error: ClusterError, node: DOMNode, *, retry: str = RETRY) -> str:
    """Return what to do about an error, where the action with the id `retry` tries again."""
    return with_keys(error.advice.replace("{retry}", f"{{{retry}}}"), node)


def _key_of(action: str, node: DOMNode) -> str:
    for screen in reversed(node.app.screen_stack):
        for active in screen.active_bindings.values():
            if active.binding.id == action:
                return node.app.get_key_display(active.binding)
    below = (binding for widget in node.walk_children() for binding in bindings_of(widget))
    return next((node.app.get_key_display(binding) for binding in below if binding.id == action), action)
