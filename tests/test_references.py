"""The references in docs/, which are made from the code."""

import os
import re
import subprocess

import pytest

from tools.write_references import DOCS, references
from wbtui.arguments import parse
from wbtui.storage.settings_text import all_settings


@pytest.mark.parametrize("name", ["settings.md", "keys.md", "commands.md", "checks.md", "filter.md", "wbtui.1"])
def test_the_reference_is_what_the_code_says(name: str) -> None:
    assert (DOCS / name).read_text() == references()[name], "run make docs"


def test_man_finds_no_mistake_in_the_man_page() -> None:
    done = subprocess.run(
        ["man", "--warnings", "--local-file", DOCS / "wbtui.1"],
        env=os.environ | {"MANWIDTH": "80", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert re.search(r"^ +-n, --namespace NAME$", done.stdout, re.MULTILINE)
    assert "wbtui get -A --filter 'use:s3 is:unused'" in done.stdout


def test_each_flag_of_a_setting_is_a_flag(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"])
    shown = capsys.readouterr().out
    flags = [flag for setting in all_settings() for flag in re.findall(r"-[-\w]+", setting.flag)]
    assert "--request-timeout" in flags
    assert [flag for flag in flags if flag not in shown] == []
