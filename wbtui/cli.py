"""Running wbtui: arguments, settings, clusters, application. The only place that knows every part."""

import argparse
import asyncio
import os
import resource
import signal
import sys
from contextlib import AsyncExitStack, suppress
from threading import Timer
from typing import TYPE_CHECKING, Any

from wbtui.arguments import WRONG_USE, parse
from wbtui.startup import collector

if TYPE_CHECKING:
    from wbtui.app import Workbench
    from wbtui.repository import Clusters
    from wbtui.storage.audit import AuditLog
    from wbtui.storage.problems import Problems
    from wbtui.storage.session_state import SessionState

_FLAGS = ("kubeconfig", "context", "namespace", "impersonate", "request_timeout", "read_only")
_PARTING_SECONDS = 3.0
"""How long a session may take to end after its line was dropped."""
_PR_SET_DUMPABLE = 4
_FAILED = 1
"""The exit code of a session in which no cluster has answered."""
_LEAKS = ("TEXTUAL", "TEXTUAL_LOG", "TEXTUAL_DEBUG", "TEXTUAL_DEVTOOLS_HOST", "TEXTUAL_DEVTOOLS_PORT")
"""Variables that make Textual write what is typed and pasted to a file or to another program."""


def main(arguments: list[str] | None = None) -> int:
    """Run wbtui, and return its exit status."""
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))  # a core file would hold what is in memory
    options = parse(sys.argv[1:] if arguments is None else arguments)
    if options.serve_demo:
        from wbtui.demo.serve import CannotServe, serve  # noqa: PLC0415  its server is not needed otherwise

        _allow_no_dump()
        if not sys.stdout:
            _say("wbtui serve-demo needs an output: there it says how to reach the cluster.")
            return WRONG_USE
        try:
            return serve(options.port, options.demo_kubeconfig, options.secrets)
        except CannotServe as error:
            _say(str(error))
            return error.status
    if not all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        _say("wbtui needs a terminal for its input, its output and its errors.")
        return WRONG_USE
    for name in _LEAKS:
        os.environ.pop(name, None)
    collector.pause()  # the application resumes it after its first frame
    return asyncio.run(_run(options))


def _say(sentence: str) -> None:
    """Write a sentence to the first stream that is not closed."""
    for stream in filter(None, (sys.stderr, sys.stdout)):
        stream.write(f"{sentence}\n")
        return


def _allow_no_dump() -> None:
    """Have no program be handed a core by the kernel, which knows no limit; before there is a credential in it."""
    import ctypes  # noqa: PLC0415  nothing of it is needed for the first frame

    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0)


async def _run(options: argparse.Namespace) -> int:
    from wbtui.app import Workbench  # noqa: PLC0415  Textual reads its variables as it is imported
    from wbtui.repository import Start  # noqa: PLC0415
    from wbtui.startup.lazy_clusters import LazyClusters  # noqa: PLC0415
    from wbtui.storage.problems import Problems  # noqa: PLC0415

    flags = {name: getattr(options, name) for name in _FLAGS if getattr(options, name)}
    start = Start(flags.get("context"), all_projects=options.all_namespaces, demo=options.demo)
    problems = Problems()
    state, audit = _storage(problems)
    clusters = LazyClusters(lambda: _load(flags, app, audit), lambda started: _start_demo(flags, app, audit, started))
    app = Workbench(clusters, start=start, state=state, audit=audit, problems=problems)
    ended = _end_on_signals(app)
    await app.run_async()
    if ended:
        return 128 + ended[0]
    return app.return_code or (0 if app.worked else _FAILED)


def _storage(problems: "Problems") -> "tuple[SessionState, AuditLog]":
    from wbtui.storage.audit import AuditLog  # noqa: PLC0415
    from wbtui.storage.files import StorageError  # noqa: PLC0415
    from wbtui.storage.folders import state_folder  # noqa: PLC0415
    from wbtui.storage.session_state import SessionState  # noqa: PLC0415

    try:
        folder = state_folder()
    except StorageError as error:
        problems.report("state folder", str(error))
        return SessionState(), AuditLog()
    return SessionState.load(folder / "choices.json", problems), AuditLog(folder / "audit.log", problems)


def _load(flags: dict[str, Any], app: "Workbench", audit: "AuditLog") -> "Clusters":
    _allow_no_dump()
    from wbtui.cluster.clusters import KubernetesClusters, Preferences  # noqa: PLC0415  takes as long as Textual
    from wbtui.cluster.connection import RequestOptions  # noqa: PLC0415
    from wbtui.storage.settings import read_settings  # noqa: PLC0415

    settings = read_settings(flags)
    app.call_from_thread(app.set_keymap, settings.keys)
    options = RequestOptions(settings.impersonate, settings.request_timeout, settings.read_only)
    return KubernetesClusters(
        Preferences(
            settings.kubeconfig,
            settings.metadata_prefix,
            settings.email,
            options,
            context=settings.context,
            namespace=settings.namespace,
            read_only=frozenset(name for name, said in settings.contexts.items() if said.read_only),
            protected=frozenset(name for name, said in settings.contexts.items() if said.protected),
            note=audit.append,
        )
    )


def _start_demo(flags: dict[str, Any], app: "Workbench", audit: "AuditLog", started: AsyncExitStack) -> "Clusters":
    _allow_no_dump()
    from wbtui.cluster.clusters import KubernetesClusters, Preferences  # noqa: PLC0415
    from wbtui.cluster.connection import RequestOptions  # noqa: PLC0415
    from wbtui.demo.serve import DemoSession  # noqa: PLC0415
    from wbtui.repository import SettingsError  # noqa: PLC0415
    from wbtui.storage.settings import read_settings  # noqa: PLC0415

    demo = started.enter_context(DemoSession())
    with suppress(SettingsError):  # the demo is there for those whose settings do not work, too
        app.call_from_thread(app.set_keymap, read_settings(flags).keys)
    options = RequestOptions(flags.get("impersonate", ""), read_only=bool(flags.get("read_only")))
    return KubernetesClusters(
        Preferences(str(demo.kubeconfig), options=options, namespace=flags.get("namespace"), note=audit.append)
    )


def _end_on_signals(app: "Workbench") -> list[int]:
    ended: list[int] = []
    loop = asyncio.get_running_loop()

    def end(number: int) -> None:
        ended.append(number)
        app.exit()

    def hang_up(number: int, _: object) -> None:
        # With the line the terminal has gone. Textual would take it up again on the SIGCONT that follows, and wait for
        # ever for a thread that died writing to it: so that is ignored, and waiting ends in any case.
        signal.signal(signal.SIGCONT, lambda *_: None)
        last = Timer(_PARTING_SECONDS, os._exit, (128 + number,))
        last.daemon = True
        last.start()
        loop.call_soon_threadsafe(end, number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end, number)
    signal.signal(signal.SIGHUP, hang_up)
    return ended
