from asyncio import gather
from functools import partial

from textual.dom import DOMNode

from wbtui.session import Session
from wbtui.widgets.secret_list import SecretList
from wbtui.workers import start_worker


def follow_writers(owner: DOMNode, session: Session, secrets: SecretList) -> None:
    """Keep a list up to date on the ExternalSecrets and Certificates that write its secrets."""
    start_worker(owner, partial(_follow, session, secrets), "sources")


async def _follow(session: Session, secrets: SecretList) -> None:
    await gather(_follow_sources(session, secrets), _follow_certificates(session, secrets))


async def _follow_sources(session: Session, secrets: SecretList) -> None:
    async for sources in session.sources():
        secrets.index.set_sources(sources)
        secrets.redraw()


async def _follow_certificates(session: Session, secrets: SecretList) -> None:
    async for certificates in session.certificates():
        secrets.index.set_certificates(certificates)
        secrets.redraw()
