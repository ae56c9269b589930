"""`wbtui doctor`: what a report of a problem needs, and what is wrong. Nothing of it is a credential or a value."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wbtui.arguments import WRONG_USE, Parser, add_connection_flags, add_log_flags
from wbtui.commands.advice import advice_of
from wbtui.commands.doctor.report import RETRY, DoctorReport
from wbtui.commands.log_flags import start_log
from wbtui.startup.dump import forbid_core_dumps
from wbtui.startup.streams import say, write_output

if TYPE_CHECKING:
    from wbtui.storage.settings import Settings


def parser() -> Parser:
    """Return the parser of what follows the command."""
    parser = Parser.of(
        "wbtui doctor",
        "Say what a report of a problem needs, and what is wrong. No credentials and no values are in it.",
        "Exit code: 0 where nothing is wrong, 1 where something is, 2 for wrong use.",
    )
    add_connection_flags(parser)
    parser.add_argument("-o", "--output", choices=("text", "json"), default="text", help="the format: text or json")
    add_log_flags(parser, "stderr")
    return parser


def run(arguments: Sequence[str]) -> int:
    """Print the report, and return the exit code."""
    of_doctor = parser()
    options = of_doctor.parse(arguments)
    if "," in (options.namespace or ""):
        of_doctor.error("-n: one project is looked into at a time")
    if not sys.stdout:
        say("wbtui doctor needs an output for its report.")
        return WRONG_USE
    forbid_core_dumps()
    start_log(options, to_stderr=True)
    from wbtui.commands.ending import Signalled, run_interruptible  # noqa: PLC0415  a mistake is told without it

    report = DoctorReport()
    try:
        run_interruptible(lambda: _examine(report, options))
    except Signalled as signalled:
        return signalled.code
    written = write_output(report.json() if options.output == "json" else report.text())
    return 0 if written and not report.findings else 1


async def _examine(report: DoctorReport, options: Namespace) -> None:
    from wbtui.commands.doctor.files import describe_folders, describe_settings  # noqa: PLC0415  after the arguments
    from wbtui.commands.doctor.program import describe_program  # noqa: PLC0415
    from wbtui.commands.doctor.terminal import describe_terminal  # noqa: PLC0415

    describe_program(report)
    describe_terminal(report)
    settings = describe_settings(report, options)
    describe_folders(report)
    if settings:
        await _examine_cluster(report, settings)


async def _examine_cluster(report: DoctorReport, settings: "Settings") -> None:
    from wbtui.cluster.connection import RequestOptions  # noqa: PLC0415
    from wbtui.cluster.kubeconfig import Kubeconfig  # noqa: PLC0415
    from wbtui.commands.doctor.cluster import ExaminedPlace, describe_cluster  # noqa: PLC0415
    from wbtui.commands.doctor.kubeconfig import describe_kubeconfig  # noqa: PLC0415
    from wbtui.commands.place import projects_in  # noqa: PLC0415
    from wbtui.errors import NotFound  # noqa: PLC0415

    kubeconfig = Kubeconfig.of(settings.kubeconfig)
    context = describe_kubeconfig(report, kubeconfig, settings.context, settings.impersonate)
    if not context:
        return
    if sys.stderr and sys.stderr.isatty():
        sys.stderr.write(f"Asking the cluster of the context {context.name} … ctrl+c stops.\n")
    try:
        namespace, *_ = projects_in(settings.namespace or context.namespace or "default")
    except NotFound as error:
        report.find(str(error), advice_of(error, RETRY))
        return
    options = RequestOptions(settings.impersonate, settings.request_timeout, read_only=True)
    await describe_cluster(report, ExaminedPlace(kubeconfig, context, namespace, options))
