"""The pages in docs/, the README and the others: their links, pictures and examples."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.pictures import PICTURES
from tools.command_parsers import shown_flags
from wbtui.arguments import Parser, session_parser
from wbtui.command_table import COMMANDS
from wbtui.commands.value_flags import SOURCES, field_names, flag_of
from wbtui.domain.filter_fields import FIELDS
from wbtui.domain.filter_language import parse
from wbtui.domain.use_cases.table import USE_CASES
from wbtui.storage.settings_table import CONTEXT_SETTINGS, SETTINGS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.glob("*.md")), *sorted(ROOT.glob("*.md"))]
NAMES = [str(path.relative_to(ROOT)) for path in PAGES]
VALUE_FLAGS = {flag_of(name, source) for use_case in USE_CASES for name in field_names(use_case) for source in SOURCES}
_BLOCK = re.compile(r"^```\w*\n((?:.*\n)*?)```$|((?:^ {4}.*\n)+)", re.MULTILINE)
_INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"")
_PLACEHOLDER = re.compile(r"…|\.\.\.|[\[\]|]|USE_CASE|COMMAND")


class Page(NamedTuple):
    """A page: its path, and its text without blocks of code, which are apart."""

    path: Path
    text: str
    blocks: list[str]

    @property
    def codes(self) -> list[str]:
        return [code.replace("\\|", "|") for code in _INLINE.findall(self.text)]


def page(name: str) -> Page:
    text = (ROOT / name).read_text()
    blocks = [match[1] or match[2] for match in _BLOCK.finditer(text)]
    return Page(ROOT / name, _BLOCK.sub("", text), blocks)


def slug(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")


@pytest.mark.parametrize("name", NAMES)
def test_its_links_lead_somewhere(name: str) -> None:
    here = page(name)
    for link in (first or second for first, second in _LINK.findall(here.text)):
        target, _, anchor = link.partition("#")
        if "://" in target:
            continue
        path = (here.path.parent / target) if target else here.path
        assert path.exists() or path.stem in PICTURES, link
        titles = re.findall(r"^#+ (.*)$", path.read_text(), re.MULTILINE) if anchor else []
        assert not anchor or anchor in map(slug, titles), link


def test_every_page_is_in_the_contents() -> None:
    contents = set((DOCS / "index.md").read_text().splitlines())
    assert [path.stem for path in DOCS.glob("*.md") if path.stem not in {*contents, "index"}] == []


def test_every_screen_is_shown_with_its_picture() -> None:
    assert set(re.findall(r"\.\./screenshots/([\w-]+)\.svg", (DOCS / "screens.md").read_text())) == set(PICTURES)


def commands(here: Page) -> Iterator[list[str]]:
    """Yield the arguments of each command of wbtui in a page."""
    lines = [line for block in here.blocks for line in block.replace("\\\n", " ").splitlines()]
    for line in (*map(str.strip, lines), *here.codes):
        if match := re.match(r"(?:kubectl )?wbtui(?: ([^#]*))?(?: #.*)?$", line):
            yield shlex.split(re.split(r" [|>] ", match[1] or "")[0])


def parser_of(words: list[str]) -> Parser:
    if not words or words[0].startswith("-"):
        return session_parser()
    parser: Parser = import_module(f"wbtui.commands.{COMMANDS[words[0]].module}").parser()
    return parser


@pytest.mark.parametrize("name", NAMES)
def test_its_commands_and_flags_exist(name: str) -> None:
    for words in commands(page(name)):
        if any(map(_PLACEHOLDER.search, words)):
            continue
        known = {flag for action in shown_flags(parser_of(words)) for flag in action.option_strings} | VALUE_FLAGS
        flags = [word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)]
        assert [flag for flag in flags if flag not in known] == [], words


@pytest.mark.parametrize("name", NAMES)
def test_its_settings_exist(name: str) -> None:
    here = page(name)
    for block in (
        block for block in here.blocks if re.search(r"^\s*(\[contexts|\[keys|theme = )", block, re.MULTILINE)
    ):
        content = tomllib.loads(block)
        contexts = content.get("contexts", {}).values()
        assert content.keys() <= SETTINGS.keys()
        assert {key for context in contexts for key in context} <= CONTEXT_SETTINGS.keys()
    assigned = [code.partition(" = ")[0] for code in here.codes if re.fullmatch(r"[a-z_]+ = \S+", code)]
    assert set(assigned) <= SETTINGS.keys() | CONTEXT_SETTINGS.keys()
    variables = [code.removeprefix("WBTUI_").lower() for code in here.codes if re.fullmatch(r"WBTUI_[A-Z_]+", code)]
    assert [one for one in variables if one and one not in SETTINGS] == []


@pytest.mark.parametrize("name", NAMES)
def test_its_filters_can_be_parsed(name: str) -> None:
    here = page(name)
    fields = "|".join(FIELDS)
    filters = [code for code in here.codes if re.match(rf"-?({fields}):\S", code)]
    filters += [words[words.index("--filter") + 1] for words in commands(here) if "--filter" in words]
    for one in filters:
        parse(one)


def test_all_of_that_is_found() -> None:
    """What the tests above look at is there: none of them passes by finding nothing."""
    all_pages = list(map(page, NAMES))
    assert sum(len(list(commands(one))) for one in all_pages) > 40
    assert sum(code.startswith(("is:", "use:")) for one in all_pages for code in one.codes) > 8
