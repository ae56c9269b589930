from asyncio import gather

from wbtui.session import Session
from wbtui.widgets.secret_list import SecretList


async def follow_writers(session: Session, secrets: SecretList) -> None:
    """Keep a list up to date on the ExternalSecrets and Certificates that write its secrets."""
    await gather(_follow_sources(session, secrets), _follow_certificates(session, secrets))


async def _follow_sources(session: Session, secrets: SecretList) -> None:
    async for sources in session.sources():
        secrets.index.set_sources(sources)
        secrets.redraw()


async def _follow_certificates(session: Session, secrets: SecretList) -> None:
    async for certificates in session.certificates():
        secrets.index.set_certificates(certificates)
        secrets.redraw()
