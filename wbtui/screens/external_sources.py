from wbtui.session import Session
from wbtui.widgets.secret_list import SecretList


async def follow_sources(session: Session, secrets: SecretList) -> None:
    """Have a list say which ExternalSecrets write its secrets, and whether that works, as it changes."""
    async for sources in session.sources():
        secrets.index.set_sources(sources)
        secrets.redraw()
