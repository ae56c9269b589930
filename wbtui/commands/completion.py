"""`wbtui completion`: print a script that completes commands, flags, secrets and workloads, also for kubectl."""

import argparse
import re
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module

from wbtui.arguments import Parser, add_connection_flags, session_parser
from wbtui.command_table import COMMANDS
from wbtui.commands.exit_codes import DONE, FAILED
from wbtui.commands.value_flags import all_field_names, field_flags
from wbtui.domain.suggestions import shown
from wbtui.domain.use_cases.table import USE_CASES
from wbtui.startup.streams import write_output

_TAKE_NAMES = ("get", "uses", "stale", "replace", "rotate", "delete")
"""Commands that are followed by names of secrets."""
_TAKE_WORKLOADS = ("attach", "detach")
"""Commands that are followed by the name of a secret and by a workload."""
_TAKE_VALUES = ("create", "replace", "rotate")
"""Commands with flags that say where the values of fields come from."""
_ASK_NAMES = r"wbtui get -o name --request-timeout 3s 2>/dev/null | sed -n 's|^secret/\([-.a-z0-9]*\)$|\1|p'"
"""Only what can be a name: a shell would run what is in another text of a cluster."""
_ASK_WORKLOADS = (
    r"wbtui completion workloads --request-timeout 3s 2>/dev/null | sed -n 's|^\([a-z]*/[-.a-z0-9]*\)$|\1|p'"
)
_WORKLOADS = "workloads"
_USE_CASES = " ".join(use_case.value for use_case in USE_CASES)
_BEFORE_FILES = "--*-file|--kubeconfig|="
"""What is followed by the name of a file, which the shell completes."""
_FLAG = re.compile(r"^ +(?:-\w.*?, (?=--))?(--[\w-]+)", re.MULTILINE)
"""A flag in the help of argparse, where it stands before what it means."""
_FISH_NAMES, _FISH_WORKLOADS = (command.replace("$|", r"\$|") for command in (_ASK_NAMES, _ASK_WORKLOADS))


def parser() -> Parser:
    """Return the parser of what follows the command."""
    parser = Parser.of(
        "wbtui completion",
        "Print a script that completes commands, flags, secrets and workloads in a shell. With workloads, print the\n"
        "workloads of the project, which the scripts ask for. The script for kubectl is a program that kubectl runs\n"
        "from the PATH, to complete what follows kubectl wbtui.",
        "examples:\n"
        "  source <(wbtui completion bash)             in ~/.bashrc\n"
        "  source <(wbtui completion zsh)              in ~/.zshrc, after compinit\n"
        "  wbtui completion fish | source              in ~/.config/fish/config.fish\n"
        "  wbtui completion kubectl > kubectl_complete-wbtui; chmod +x kubectl_complete-wbtui",
        "bash|zsh|fish|kubectl|workloads",
    )
    add_connection_flags(parser)
    return parser


def run(arguments: Sequence[str]) -> int:
    """Print the script, and return the exit code."""
    of_completion = parser()
    options = of_completion.parse(arguments, most_words=1)
    words = options.words
    if words == [_WORKLOADS]:
        from wbtui.commands.ending import ended  # noqa: PLC0415  a script is printed without it

        return ended(lambda: _print_workloads(options))
    if not words or words[0] not in _SHELLS:
        of_completion.error(
            f'no script for "{shown(words[0])}"' if words else "it needs a shell: bash, zsh or fish, or kubectl"
        )
    return DONE if write_output(_SHELLS[words[0]]()) else FAILED


async def _print_workloads(options: argparse.Namespace) -> int:
    from wbtui.commands.ending import write  # noqa: PLC0415
    from wbtui.commands.writing import writing  # noqa: PLC0415
    from wbtui.domain.workload_names import as_kubectl  # noqa: PLC0415

    options.read_only = True
    async with writing(options) as place:
        found = [one for namespace in place.namespaces for one in (await place.cluster.workloads.find(namespace)).found]
    write("".join(f"{as_kubectl(one)}\n" for one in found if not one.refusal))
    return DONE


def _flags(parser: argparse.ArgumentParser) -> list[str]:
    return _FLAG.findall(parser.format_help())


def _flags_of(name: str, parser: argparse.ArgumentParser) -> list[str]:
    """Return the flags of a command, with those of the fields of all use cases, which the help does not list."""
    return [*_flags(parser), *(field_flags(all_field_names()) if name in _TAKE_VALUES else ())]


def _parsers() -> Iterator[tuple[str, Parser]]:
    for name, command in COMMANDS.items():
        yield name, import_module(f"wbtui.commands.{command.module}").parser()


def _bash() -> str:
    cases = "".join(f'    {name}) words="{" ".join(_flags_of(name, parser))}" ;;\n' for name, parser in _parsers())
    return f"""\
# Completion of wbtui for bash: source <(wbtui completion bash)
_wbtui() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" words
  case "${{COMP_WORDS[COMP_CWORD-1]}}" in
    {_BEFORE_FILES}) COMPREPLY=(); return ;;
  esac
  case "${{COMP_WORDS[1]}}" in
{cases}    *) words="{" ".join(_flags(session_parser()))}" ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="$words {" ".join(COMMANDS)}"
  elif [ "${{current#-}}" = "$current" ]; then
    case "${{COMP_WORDS[1]}}" in
      create) if [ "$COMP_CWORD" -eq 2 ]; then words="{_USE_CASES}"; else words=""; fi ;;
      {"|".join(_TAKE_NAMES)}) words="$({_ASK_NAMES})" ;;
      {"|".join(_TAKE_WORKLOADS)})
        if [ "$COMP_CWORD" -eq 2 ]; then words="$({_ASK_NAMES})"; else words="$({_ASK_WORKLOADS})"; fi ;;
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
            for flag in _flags_of(name, parser)
        ]
    for commands, ask in (((*_TAKE_NAMES, *_TAKE_WORKLOADS), _FISH_NAMES), (_TAKE_WORKLOADS, _FISH_WORKLOADS)):
        seen = f"__fish_seen_subcommand_from {' '.join(commands)}"
        lines.append(f'complete -c wbtui -f -n "{seen}" -a "({ask})"')
    lines.append(f'complete -c wbtui -f -n "__fish_seen_subcommand_from create" -a "{_USE_CASES}"')
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
