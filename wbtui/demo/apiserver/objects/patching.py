"""The three kinds of patch."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, NamedTuple

from wbtui.demo.apiserver.refusals import bad_request, inapplicable_patch
from wbtui.demo.apiserver.schemas.structure import member
from wbtui.demo.apiserver.wire import Json

_ORDER, _FROM_LIST, _RETAIN, _DIRECTIVE = "$setElementOrder/", "$deleteFromPrimitiveList/", "$retainKeys", "$patch"


def merge_patch(target: Any, patch: Any) -> Any:
    """Apply a merge patch (RFC 7386)."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def json_patch(body: Json, operations: Any) -> Any:
    """Apply a JSON patch (RFC 6902)."""
    if not isinstance(operations, list):
        msg = "json: cannot unmarshal object into Go value of type jsonpatch.Patch"
        raise bad_request(msg)
    document = {"": deepcopy(body)}
    try:
        for operation in operations:
            _OPERATIONS[operation["op"]](document, operation)
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise inapplicable_patch() from error
    return document[""]


def _steps(pointer: str) -> list[str]:
    """Return the steps of a JSON pointer; the first is the member "" that holds the whole document."""
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")]


def _parent(document: Any, pointer: str) -> tuple[Any, Any]:
    """Return the object or list that contains the value of a pointer, and the key or index of the value."""
    *above, last = _steps(pointer)
    for step in above:
        document = document[int(step) if isinstance(document, list) else step]
    if isinstance(document, list):
        return document, len(document) if last == "-" else int(last)
    return document, last


def _value(document: Any, pointer: str) -> Any:
    parent, key = _parent(document, pointer)
    return parent[key]


def _put(document: Any, pointer: str, value: Any) -> None:
    parent, key = _parent(document, pointer)
    if isinstance(parent, list):
        if not 0 <= key <= len(parent):
            raise IndexError(pointer)
        parent.insert(key, value)
    else:
        parent[key] = value


def _add(document: Any, operation: Json) -> None:
    _put(document, operation["path"], deepcopy(operation["value"]))


def _remove(document: Any, operation: Json) -> None:
    parent, key = _parent(document, operation["path"])
    del parent[key]


def _replace(document: Any, operation: Json) -> None:
    parent, key = _parent(document, operation["path"])
    parent[key]
    parent[key] = deepcopy(operation["value"])


def _test(document: Any, operation: Json) -> None:
    if _value(document, operation["path"]) != operation["value"]:
        raise ValueError(operation["path"])


def _copy(document: Any, operation: Json) -> None:
    _put(document, operation["path"], deepcopy(_value(document, operation["from"])))


def _move(document: Any, operation: Json) -> None:
    value = _value(document, operation["from"])
    _remove(document, {"path": operation["from"]})
    _put(document, operation["path"], value)


_OPERATIONS: dict[str, Callable[[Any, Json], None]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "test": _test,
    "copy": _copy,
    "move": _move,
}


def strategic_merge_patch(node: Json, target: Any, patch: Any) -> Any:
    """Apply a merge patch that merges the items of some lists, as the schema says, and has directives."""
    if not isinstance(patch, dict):
        return patch
    if patch.get(_DIRECTIVE) == "replace":
        return {key: value for key, value in patch.items() if key != _DIRECTIVE}
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if key.startswith("$"):
            _direct(merged, key, value)
        elif value is None:
            merged.pop(key, None)
        else:
            merged[key] = _merged_field(member(node, key), merged.get(key), value, patch.get(_ORDER + key))
    return merged


def _direct(merged: Json, directive: str, values: list[Any]) -> None:
    """Apply a directive that keeps or removes items."""
    if directive == _RETAIN:
        for key in merged.keys() - set(values):
            del merged[key]
    elif directive.startswith(_FROM_LIST):
        name = directive.removeprefix(_FROM_LIST)
        merged[name] = [value for value in merged.get(name, ()) if value not in values]


def _merged_field(node: Json, old: Any, new: Any, order: Any) -> Any:
    if not isinstance(new, list):
        return strategic_merge_patch(node, old, new)
    if "merge" not in node.get("x-kubernetes-patch-strategy", "").split(","):
        return new
    if key := node.get("x-kubernetes-patch-merge-key"):
        return _Merge(node["items"], key).lists(old or [], new, order)
    return list(dict.fromkeys([*(old or ()), *new]))


class _Merge(NamedTuple):
    """Merges lists whose items are identified by a key."""

    node: Json
    key: str

    def lists(self, old: list[Json], new: list[Json], order: list[Json] | None) -> list[Json]:
        """Merge items with the same key; those of the patch are in its order, the others keep theirs."""
        if any(item.get(_DIRECTIVE) == "replace" for item in new):
            return [item for item in new if item.get(_DIRECTIVE) != "replace"]
        gone = {self._name(item) for item in new if item.get(_DIRECTIVE) == "delete"}
        items = {self._name(item): item for item in old if self._name(item) not in gone}
        for item in new:
            if (name := self._name(item)) not in gone:
                items[name] = strategic_merge_patch(self.node, items.get(name), item)
        wanted = [name for name in map(self._name, new if order is None else order) if name in items]
        return [items[name] for name in _interleaved([name for name in map(self._name, old) if name in items], wanted)]

    def _name(self, item: Json) -> Any:
        return item.get(self.key)


def _interleaved(old: list[Any], wanted: list[Any]) -> list[Any]:
    """Return the wanted order, with the others before the wanted one that they used to stand before."""
    place = {name: number for number, name in enumerate(old)}
    others = [name for name in old if name not in wanted]
    result = []
    for name in wanted:
        while others and name in place and place[others[0]] < place[name]:
            result.append(others.pop(0))
        result.append(name)
    return result + others
