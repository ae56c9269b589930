"""The references in docs/, which are made from the code."""

import re

import pytest

from tools.write_references import DOCS, references
from wbtui.arguments import parse
from wbtui.storage.settings_text import all_settings


@pytest.mark.parametrize("name", ["settings.md", "keys.md", "commands.md", "checks.md"])
def test_the_reference_is_what_the_code_says(name: str) -> None:
    assert (DOCS / name).read_text() == references()[name], "run make docs"


def test_each_flag_of_a_setting_is_a_flag(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"])
    shown = capsys.readouterr().out
    flags = [flag for setting in all_settings() for flag in re.findall(r"-[-\w]+", setting.flag)]
    assert "--request-timeout" in flags
    assert [flag for flag in flags if flag not in shown] == []
