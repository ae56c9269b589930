"""`wbtui completion`: print a script that completes commands, flags and names of secrets in a shell."""

import argparse
import re
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module

from wbtui.arguments import Parser, session_parser
from wbtui.command_table import COMMANDS
from wbtui.commands.exit_codes import DONE, FAILED
from wbtui.domain.suggestions import shown
from wbtui.startup.streams import write_output

_TAKE_NAMES = ("get", "uses", "stale", "delete")
"""Commands that are followed by names of secrets."""
_ASK_NAMES = r"wbtui get -o name --request-timeout 3s 2>/dev/null | sed -n 's|^secret/\([-.a-z0-9]*\)$|\1|p'"
"""Only what can be a name: a shell would run what is in another text of a cluster."""
_FLAG = re.compile(r"^ +(?:-\w.*?, (?=--))?(--[\w-]+)", re.MULTILINE)
"""A flag in the help of argparse, where it stands before what it means."""
_FISH_NAMES = _ASK_NAMES.replace("$|", r"\$|")


def parser() -> Parser:
    """Return the parser of what follows the command."""
    return Parser.of(
        "wbtui completion",
        "Print a script that completes commands, flags and names of secrets in a shell.",
        "examples:\n"
        "  source <(wbtui completion bash)             in ~/.bashrc\n"
        "  source <(wbtui completion zsh)              in ~/.zshrc, after compinit\n"
        "  wbtui completion fish | source              in ~/.config/fish/config.fish",
        "bash|zsh|fish",
    )


def run(arguments: Sequence[str]) -> int:
    """Print the script, and return the exit code."""
    of_completion = parser()
    words = of_completion.parse(arguments, most_words=1).words
    if not words or words[0] not in _SHELLS:
        of_completion.error(f'no script for "{shown(words[0])}"' if words else "it needs a shell: bash, zsh or fish")
    return DONE if write_output(_SHELLS[words[0]]()) else FAILED


def _flags(parser: argparse.ArgumentParser) -> list[str]:
    return _FLAG.findall(parser.format_help())


def _parsers() -> Iterator[tuple[str, Parser]]:
    for name, command in COMMANDS.items():
        yield name, import_module(f"wbtui.commands.{command.module}").parser()


def _bash() -> str:
    cases = "".join(f'    {name}) words="{" ".join(_flags(parser))}" ;;\n' for name, parser in _parsers())
    return f"""\
# Completion of wbtui for bash: source <(wbtui completion bash)
_wbtui() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" words
  case "${{COMP_WORDS[1]}}" in
{cases}    *) words="{" ".join(_flags(session_parser()))}" ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="$words {" ".join(COMMANDS)}"
  elif [ "${{current#-}}" = "$current" ]; then
    case "${{COMP_WORDS[1]}}" in
      {"|".join(_TAKE_NAMES)}) words="$({_ASK_NAMES})" ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -F _wbtui wbtui
"""


def _zsh() -> str:
    return f"autoload -U +X bashcompinit && bashcompinit\n{_bash()}"


def _fish() -> str:
    lines = ["# Completion of wbtui for fish: wbtui completion fish | source"]
    for name, command in COMMANDS.items():
        lines.append(f"complete -c wbtui -f -n __fish_use_subcommand -a {name} -d '{command.meaning}'")
    for name, parser in _parsers():
        lines += [
            f"complete -c wbtui -n '__fish_seen_subcommand_from {name}' -l {flag.removeprefix('--')}"
            for flag in _flags(parser)
        ]
    names = " ".join(_TAKE_NAMES)
    lines.append(f'complete -c wbtui -f -n "__fish_seen_subcommand_from {names}" -a "({_FISH_NAMES})"')
    return "".join(f"{line}\n" for line in lines)


_SHELLS: dict[str, Callable[[], str]] = {"bash": _bash, "zsh": _zsh, "fish": _fish}
