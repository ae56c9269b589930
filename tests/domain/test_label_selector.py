import pytest

from wbtui.domain.label_selector import label_selector, selects


@pytest.mark.parametrize(
    ("expression", "selected"),
    [
        ({"key": "team", "operator": "In", "values": ["a", "b"]}, True),
        ({"key": "team", "operator": "In", "values": ["b"]}, False),
        ({"key": "team", "operator": "NotIn", "values": ["a"]}, False),
        ({"key": "other", "operator": "NotIn", "values": ["a"]}, True),
        ({"key": "team", "operator": "Exists"}, True),
        ({"key": "team", "operator": "DoesNotExist"}, False),
        ({"key": "team", "operator": "Gt", "values": ["1"]}, True),  # not known, so nothing must look unused by it
    ],
)
def test_an_expression_selects_as_kubernetes_says(expression: dict[str, object], *, selected: bool) -> None:
    selector = label_selector({"matchExpressions": [expression]})
    assert selector is not None
    assert selects(selector, {"team": "a"}) is selected
