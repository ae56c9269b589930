"""Put the keys of actions into texts: the settings can give an action another key."""

import re

from textual.dom import DOMNode

from wbtui.errors import ClusterError

_ID = re.compile(r"\{([a-z_]+\.[a-z_]+)\}")
RETRY = "list.again"


def with_keys(text: str, node: DOMNode) -> str:
    """Return `text` with the key of each `{id}` in it, as `{form.save}`: that of the top screen that has one."""
    return _ID.sub(lambda found: _key_of(found[1], node), text)


def advice_of(error: ClusterError, node: DOMNode, *, retry: str = RETRY) -> str:
    """Return what to do about an error, where the action with the id `retry` tries again."""
    return with_keys(error.advice.replace("{retry}", f"{{{retry}}}"), node)


def _key_of(action: str, node: DOMNode) -> str:
    for screen in reversed(node.app.screen_stack):
        for active in screen.active_bindings.values():
            if active.binding.id == action:
                return node.app.get_key_display(active.binding)
    return action
