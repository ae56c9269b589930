"""Whether the number of replicas follows the load, and how."""

from collections.abc import Iterator

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from wbtui.domain.problems import Problem
from wbtui.domain.scaling import AGGREGATIONS, METRICS, MOST_REPLICAS, TARGETS, Scaling
from wbtui.widgets.content_changed import ContentChanged
from wbtui.widgets.form_area import FormProblem
from wbtui.widgets.line import TitledLine
from wbtui.widgets.picker import Picker
from wbtui.widgets.titled import titled

_MOST_VALUE = 2**31 - 1


class ScalingOptions(Vertical):
    """A switch, and below it the choices of autoscaling while it is on."""

    def __init__(self) -> None:
        super().__init__(classes="options")
        usual = Scaling()
        self._switch = Picker(["off", "on"], id="autoscaling")
        self._least, self._most, self._target = (
            _number(title, name, value)
            for title, name, value in (
                ("Min replicas", "min-replicas", usual.least),
                ("Max replicas", "max-replicas", usual.most),
                ("Target value", "target-value", usual.target),
            )
        )
        self._metric = Picker([*METRICS], id="scaling-metric")
        self._aggregation = Picker([*AGGREGATIONS], id="aggregation")
        self._target_type = Picker([*TARGETS], id="target-type")
        self._choices = Vertical(
            self._least,
            self._most,
            titled("Scaling metric", self._metric),
            titled("Aggregation", self._aggregation),
            titled("Target", self._target_type),
            self._target,
            classes="options",
        )
        self._choices.display = False

    def compose(self) -> ComposeResult:
        """Lay out the switch and the choices."""
        yield titled("Autoscaling", self._switch)
        yield self._choices

    @property
    def touched(self) -> bool:
        """Return whether something was entered that would be lost."""
        return self.chosen not in {None, Scaling()}

    @property
    def chosen(self) -> Scaling | None:
        """Return what is chosen; None where the number of replicas stays. A number that is none is 0."""
        if not self._switch.position:
            return None
        return Scaling(
            _value(self._least),
            _value(self._most),
            [*METRICS.values()][self._metric.position],
            [*AGGREGATIONS.values()][self._aggregation.position],
            [*TARGETS.values()][self._target_type.position],
            _value(self._target),
        )

    def check(self) -> Iterator[FormProblem]:
        """Yield what is wrong, and show it."""
        chosen = self.chosen or Scaling()
        few, many = (
            _range_problem("number of replicas", number, MOST_REPLICAS) for number in (chosen.least, chosen.most)
        )
        too_few = "" if chosen.least <= chosen.most else "the maximum is not below the minimum"
        target = _range_problem("target value", chosen.target, _MOST_VALUE)
        for line, text in ((self._least, few), (self._most, many or too_few), (self._target, target)):
            line.show_error(text)
            if text:
                yield FormProblem(line.line, line.title, Problem(text))

    @on(ContentChanged, "#autoscaling")
    def _switched(self) -> None:
        self._choices.display = bool(self._switch.position)

    @on(ContentChanged)
    def _changed(self) -> None:
        list(self.check())


def _number(title: str, name: str, value: int) -> TitledLine:
    line = TitledLine(title, id=name)
    line.line.value = str(value)
    return line


def _value(line: TitledLine) -> int:
    text = line.line.value.strip()
    return int(text) if text.isdecimal() else 0


def _range_problem(what: str, number: int, most: int) -> str:
    if number < 1:
        return f"a {what} is at least 1"
    return f"a {what} is at most {most}" if number > most else ""
