"""Where is measured: an embedded cluster in a process of its own, or the one that a person names."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.programs import WBTUI, Program, background, environment


@dataclass(frozen=True)
class Place:
    """A cluster: its kubeconfig for wbtui, the one for kubectl, and the variables of programs that go there.

    `process` is the one that serves it, where it is ours.
    """

    kubeconfig: Path
    kubectl_config: Path
    variables: dict[str, str]
    process: subprocess.Popen[str] | None = None

    def wbtui(self, *flags: str) -> Program:
        """Start wbtui there."""
        return Program([*WBTUI, "--kubeconfig", str(self.kubeconfig), *flags], self.variables)

    def k9s(self, program: str) -> Program:
        """Start k9s there, on the secrets."""
        command = [program, "--kubeconfig", str(self.kubectl_config), "--command", "secrets", "--readonly"]
        return Program(command, self.variables)

    def kubectl(self, *arguments: str) -> list[str]:
        """Return the command of kubectl there."""
        return ["kubectl", "--kubeconfig", str(self.kubectl_config), *arguments]


@contextmanager
def embedded(home: Path, **counts: int) -> Iterator[Place]:
    """Serve an embedded cluster with so many `secrets`, `projects`, `workloads` and `changes` a second."""
    with TemporaryDirectory(prefix="wbtui-bench-") as name:
        flags = [f"--{what}={count}" for what, count in counts.items()]
        command = [sys.executable, "-m", "benchmarks.serving", f"--folder={name}", *flags]
        variables = environment(home)
        with background(command, variables) as process:
            if not process.stdout or not process.stdout.readline():
                raise RuntimeError("the embedded cluster did not start")
            yield Place(Path(name, "kubeconfig"), Path(name, "kubectl"), variables, process)


def named(home: Path, kubeconfig: Path) -> Place:
    """Return the cluster of a kubeconfig."""
    return Place(kubeconfig, kubeconfig, environment(home))
