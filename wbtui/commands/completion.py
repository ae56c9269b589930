"""`wbtui completion`: print a script that completes commands, flags, secrets and workloads, also for kubectl."""

import argparse
import re
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module

from wbtui.arguments import Parser, add_connection_flags, session_parser
from wbtui.command_table import COMMANDS
from wbtui.commands.exit_codes import DONE, FAILED
from wbtui.commands.value_flags import all_field_names, field_flags
from wbtui.domain.suggestions import quotable
from wbtui.domain.use_cases.table import USE_CASES
from wbtui.startup.streams import write_output

_CAN_BE = {
    "secrets": "[-.a-z0-9]*",
    "workloads": "[a-z]*/[-.a-z0-9]*",
    "projects": "[-a-z0-9]*",
    "contexts": "[-.@/_a-zA-Z0-9]*",
}
"""What only the cluster or the kubeconfig knows, and what its names can be: a shell would run another text of them."""
_PLACE_FLAGS = ("-n", "--namespace", "--context", "--kubeconfig", "--as")
"""Flags that say which cluster and project are meant, and so what there is to offer."""
_ASKED_BY_FLAG = {"-n": "projects", "--namespace": "projects", "--context": "contexts"}
_KNOWN = {"use cases": " ".join(use_case.value for use_case in USE_CASES)}
"""What a word after a command can be, where the program knows it and the table of commands only names it."""
_FLAG = re.compile(r"^ +(?:-\w.*?, (?=--))?(--[\w-]+)", re.MULTILINE)
"""A flag in the help of argparse, where it stands before what it means."""


def _ask(what: str, place: str) -> str:
    """Return a command of a shell that prints what can be offered; it asks nobody, and ends in time."""
    return f"wbtui completion {what} {place} </dev/null 2>/dev/null | sed -n 's|^\\({_CAN_BE[what]}\\)$|\\1|p'"


def parser() -> Parser:
    """Return the parser of what follows the command."""
    parser = Parser.of(
        "wbtui completion",
        "Print a script that completes commands, flags, secrets and workloads in a shell. With secrets, workloads,\n"
        "projects or contexts, print the names of those, which the scripts ask for. The script for kubectl is a\n"
        "program that kubectl runs from the PATH, to complete what follows kubectl wbtui.",
        "examples:\n"
        "  source <(wbtui completion bash)             in ~/.bashrc\n"
        "  source <(wbtui completion zsh)              in ~/.zshrc, after compinit\n"
        "  wbtui completion fish | source              in ~/.config/fish/config.fish\n"
        "  wbtui completion kubectl > kubectl_complete-wbtui; chmod +x kubectl_complete-wbtui",
        "bash|zsh|fish|kubectl|secrets|workloads|projects|contexts",
    )
    add_connection_flags(parser)
    return parser


def run(arguments: Sequence[str]) -> int:
    """Print the script, and return the exit code."""
    of_completion = parser()
    options = of_completion.parse(arguments, most_words=1)
    words = options.words
    if words and words[0] in _CAN_BE:
        from wbtui.commands.completion_names import print_names  # noqa: PLC0415  a script is printed without it
        from wbtui.commands.ending import exit_code_of  # noqa: PLC0415

        return exit_code_of(lambda: print_names(options, words[0]))
    if not words or words[0] not in _SHELLS:
        of_completion.error(
            f'no script for "{quotable(words[0])}"' if words else "it needs a shell: bash, zsh or fish, or kubectl"
        )
    return DONE if write_output(_SHELLS[words[0]]()) else FAILED


def _flags(parser: argparse.ArgumentParser) -> list[str]:
    return _FLAG.findall(parser.format_help())


def _flags_of(name: str, parser: argparse.ArgumentParser) -> list[str]:
    """Return the flags of a command, with those of the fields of all use cases, which the help does not list."""
    return [*_flags(parser), *(field_flags(all_field_names()) if COMMANDS[name].values else ())]


def _parsers() -> Iterator[tuple[str, Parser]]:
    for name, command in COMMANDS.items():
        yield name, import_module(f"wbtui.commands.{command.module}").parser()


def _taking() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the flags of each command that are followed by a word, with what that can be where it is known."""
    return {name: dict(parser.followed_flags()) for name, parser in _parsers()}


def _words_after() -> Iterator[tuple[str, str, str]]:
    """Yield each command with the position of a word after it, `*` for any, and what that word can be."""
    for name, command in COMMANDS.items():
        for position, what in enumerate(command.takes):
            is_last = position == len(command.takes) - 1
            yield name, "*" if command.repeats and is_last else str(position), what


def _offered(what: str, place: str) -> str:
    return f"$({_ask(what, place)})" if what in _CAN_BE else _KNOWN.get(what, what)


def _after_flags(place: str) -> Iterator[tuple[str, str]]:
    """Yield patterns of a command and a flag, and words of a shell for what follows both."""
    for name, flags in _taking().items():
        for words in dict.fromkeys(filter(None, flags.values())):
            yield "|".join(f"{name}:{flag}" for flag in flags if flags[flag] == words), " ".join(words)
    for what in dict.fromkeys(_ASKED_BY_FLAG.values()):
        pattern = "|".join(f"*:{flag}" for flag, asked in _ASKED_BY_FLAG.items() if asked == what)
        yield pattern, f"$({_ask(what, place)})"


def _bash() -> str:
    place = '"${place[@]}"'
    after = "".join(f'    {pattern}) words="{words}" ;;\n' for pattern, words in _after_flags(place))
    taking = dict.fromkeys((*_PLACE_FLAGS, *(flag for flags in _taking().values() for flag in flags)))
    words_after = "".join(
        f'      {name}:{at}) words="{_offered(what, place)}" ;;\n' for name, at, what in _words_after()
    )
    flags = "".join(f'    {name}) words="{" ".join(_flags_of(name, parser))}" ;;\n' for name, parser in _parsers())
    return f"""\
# Completion of wbtui for bash: source <(wbtui completion bash)
_wbtui() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" flag="${{COMP_WORDS[COMP_CWORD-1]}}" words="" position=-1 i place
  COMPREPLY=() place=()
  if [ "$current" = "=" ] || [ "$flag" = "=" ]; then
    if [ "$current" = "=" ]; then current=""; else flag="${{COMP_WORDS[COMP_CWORD-2]}}"; fi
    if [ "${{flag#--}}" = "$flag" ]; then return; fi
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "${{COMP_WORDS[i]}}" in
      {"|".join(taking)})
        local taking="${{COMP_WORDS[i]}}"
        i=$((i + 1))
        if [ "${{COMP_WORDS[i]}}" = "=" ]; then i=$((i + 1)); fi
        case "$taking" in
          {"|".join(_PLACE_FLAGS)}) if [ $i -lt $COMP_CWORD ]; then place+=("$taking" "${{COMP_WORDS[i]}}"); fi ;;
        esac ;;
      =) i=$((i + 1)) ;;
      -*) ;;
      *) position=$((position + 1)) ;;
    esac
  done
  case "${{COMP_WORDS[1]}}:$flag" in
{after}    {"|".join(f"*:{flag}" for flag in taking if flag not in _ASKED_BY_FLAG)}) return ;;
  esac
  if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$current")); return; fi
  case "${{COMP_WORDS[1]}}" in
{flags}    *) words="{" ".join(_flags(session_parser()))}" ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="$words {" ".join(COMMANDS)}"
  elif [ "${{current#-}}" = "$current" ]; then
    case "${{COMP_WORDS[1]}}:$position" in
{words_after}      create:*) return ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -F _wbtui wbtui
"""


def _zsh() -> str:
    return f"autoload -U +X bashcompinit && bashcompinit\n{_bash()}"


_FISH_PLACE = f"""\
function __wbtui_place
  set -l words (commandline -opc)
  for i in (seq (count $words))
    if contains -- $words[$i] {" ".join(_PLACE_FLAGS)}
      set -q words[(math $i + 1)]; and printf '%s\\n' $words[$i] $words[(math $i + 1)]
    else if string match -qr -- '^({"|".join(_PLACE_FLAGS[1:])})=' $words[$i]
      printf '%s\\n' $words[$i]
    end
  end
end"""


def _fish_ask(what: str) -> str:
    return f"({_ask(what, '(__wbtui_place)')})".replace("$|", r"\$|")


def _fish() -> str:
    lines = ["# Completion of wbtui for fish: wbtui completion fish | source", _FISH_PLACE]
    for name, command in COMMANDS.items():
        lines.append(f"complete -c wbtui -f -n __fish_use_subcommand -a {name} -d '{command.meaning}'")
    for name, parser in _parsers():
        followed = dict(parser.followed_flags())
        words = {flag: " ".join(choices) for flag, choices in followed.items()}
        words |= {flag: _fish_ask(what) for flag, what in _ASKED_BY_FLAG.items() if flag in words}
        for flag in _flags_of(name, parser):
            more = f' -x -a "{words[flag]}"' if words.get(flag) else " -r" if flag in followed else ""
            lines.append(
                f"complete -c wbtui -n '__fish_seen_subcommand_from {name}' -l {flag.removeprefix('--')}{more}"
            )
    for what in dict.fromkeys(what for _, _, what in _words_after()):
        seen = f"__fish_seen_subcommand_from {' '.join(name for name, _, taken in _words_after() if taken == what)}"
        offered = _fish_ask(what) if what in _CAN_BE else _KNOWN.get(what, what)
        lines.append(f'complete -c wbtui -f -n "{seen}" -a "{offered}"')
    return "".join(f"{line}\n" for line in lines)


def _kubectl() -> str:
    return f"""\
#!/usr/bin/env bash
# kubectl runs this as kubectl_complete-wbtui, to complete what follows kubectl wbtui
wbtui() {{ kubectl-wbtui "$@"; }}
{_bash()}
COMP_WORDS=(wbtui "$@") COMP_CWORD=$#
_wbtui
[ ${{#COMPREPLY[@]}} -eq 0 ] || printf '%s\\n' "${{COMPREPLY[@]}}" :4  # no names of files beside these
"""


_SHELLS: dict[str, Callable[[], str]] = {"bash": _bash, "zsh": _zsh, "fish": _fish, "kubectl": _kubectl}
