"""Names of secrets, workloads, projects and contexts, which the scripts that complete ask for."""

import argparse
import asyncio

from wbtui.cluster.kubeconfig import Kubeconfig
from wbtui.commands.choosing import choice_by_name, readable_in
from wbtui.commands.ending import write
from wbtui.commands.exit_codes import DONE, FAILED
from wbtui.commands.place import connected, settings_of
from wbtui.commands.writing import writing
from wbtui.domain.workload_names import as_kubectl

_SECONDS = 3


async def print_names(options: argparse.Namespace, what: str) -> int:
    """Print names of one kind, each once; nothing where that takes too long for somebody who has pressed Tab."""
    options.read_only = True
    try:
        async with asyncio.timeout(_SECONDS):
            names = await _NAMES[what](options)
    except TimeoutError:
        return FAILED
    write("".join(f"{name}\n" for name in dict.fromkeys(names)))
    return DONE


async def _secrets(options: argparse.Namespace) -> list[str]:
    async with connected(options) as place:
        return [secret.name for secret in (await readable_in(place, choice_by_name())).secrets]


async def _workloads(options: argparse.Namespace) -> list[str]:
    async with writing(options) as place:
        found = [one for namespace in place.namespaces for one in (await place.cluster.workloads.find(namespace)).found]
    return [as_kubectl(one) for one in found if not one.refusal]


async def _projects(options: argparse.Namespace) -> list[str]:
    async with writing(options) as place:
        return [project.namespace for project in await place.cluster.projects()]


async def _contexts(options: argparse.Namespace) -> list[str]:
    return [context.name for context in Kubeconfig.of(settings_of(options).kubeconfig).contexts()]


_NAMES = {"secrets": _secrets, "workloads": _workloads, "projects": _projects, "contexts": _contexts}
