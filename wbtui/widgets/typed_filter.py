"""The typed filter: its query, what is wrong with it, and how complete its result is."""

from wbtui.domain.clock import Clock
from wbtui.domain.index import SecretIndex
from wbtui.domain.query import Query
from wbtui.session import Session


class TypedFilter:
    """`query` is the last filter without a mistake; `mistake` is what is wrong with a later one, else empty."""

    def __init__(self, now: Clock, session: Session, index: SecretIndex) -> None:
        self._now = now
        self._session = session
        self._index = index
        self._uses = session.uses
        self.query = Query()
        self.mistake = ""

    def read(self, text: str) -> bool:
        """Parse a filter; return whether it is valid."""
        from wbtui.domain.filter_fields import UseFacts  # noqa: PLC0415  not for the first frame
        from wbtui.domain.filter_language import parse  # noqa: PLC0415
        from wbtui.domain.filter_terms import QueryError  # noqa: PLC0415

        uses = UseFacts.of(lambda: self._uses.usage)
        try:
            self.query, self.mistake = parse(text, self._now, uses, lambda: self._session.creator), ""
        except QueryError as error:
            self.mistake = str(error)
        return not self.mistake

    def completions(self, text: str) -> list[str]:
        """Return what a filter can be completed to."""
        from wbtui.domain.filter_completion import completions  # noqa: PLC0415  not for the first frame

        return completions(text, self._index.secrets)

    @property
    def gaps_in_a_line(self) -> str:
        """Return how far the search for uses is; empty where the filter does not ask for uses."""
        if not self.query.asks_uses:
            return ""
        from wbtui.widgets.usage_view import gaps_in_a_line  # noqa: PLC0415  few filters ask for it

        return gaps_in_a_line(self._uses.usage, self._uses.error)

    @property
    def waits_for(self) -> str:
        """Return why uses are not known; empty where they are, or the filter does not ask for them."""
        if not self.query.asks_uses:
            return ""
        from wbtui.widgets.usage_view import why_nothing_known  # noqa: PLC0415

        return why_nothing_known(self._uses.usage, self._uses.error)
