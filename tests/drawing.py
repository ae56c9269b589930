"""Textual's work that no test needs twice: drawing frames that no terminal shows, and parsing the same styles."""

from typing import Any
from weakref import WeakKeyDictionary

from textual._compositor import Compositor
from textual._context import active_app, visible_screen_stack
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.screen import Screen

_render_update = Compositor.render_update
_parse_rules = Stylesheet._parse_rules  # noqa: SLF001
_lines: WeakKeyDictionary[Compositor, list[str]] = WeakKeyDictionary()
_rules: dict[tuple[object, ...], list[RuleSet]] = {}


def draw_when_looked_at() -> None:
    """Have an application without a terminal draw its screen in `lines_of`; have styles parsed once in a process."""
    Compositor.render_update = _render_looked_at  # type: ignore[assignment]
    Stylesheet._parse_rules = _parse_rules_once  # type: ignore[assignment]  # noqa: SLF001


def lines_of(screen: Screen[Any]) -> list[str]:
    """Return the lines of a screen as a person reads them, since the last change that it was drawn for."""
    compositor = screen._compositor  # noqa: SLF001  there is no other way to read a screen
    if compositor not in _lines or Compositor.render_update is _render_update:
        width, height = screen.app.size
        visible_screen_stack.set(screen.app._background_screens)  # noqa: SLF001  what a dialog lies on is drawn with it
        _lines[compositor] = [strip.crop(0, width).text.rstrip() for strip in compositor.render_strips()[:height]]
    return _lines[compositor]


def _render_looked_at(compositor: Compositor, *, full: bool = False, **how: Any) -> Any:
    """Draw a picture, or a frame for a terminal."""
    if full or not active_app.get().is_headless:
        return _render_update(compositor, full=full, **how)
    visible_screen_stack.set(how.get("screen_stack") or [])
    if compositor._dirty_regions:  # noqa: SLF001
        compositor._dirty_regions.clear()  # noqa: SLF001
        _lines.pop(compositor, None)
    return None


def _parse_rules_once(stylesheet: Stylesheet, *source: Any, **more: Any) -> list[RuleSet]:
    key = (*source, *more.items(), frozenset(stylesheet._variables.items()))  # noqa: SLF001
    if key not in _rules:
        _rules[key] = _parse_rules(stylesheet, *source, **more)
    return _rules[key]
