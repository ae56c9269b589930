"""The values of a secret, in the chosen form of the chosen use case."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from wbtui.domain.credential import EnteredCredential
from wbtui.domain.form_matches import FormMatch, UseCaseOffer
from wbtui.widgets.content_changed import ContentChanged
from wbtui.widgets.picker import Picker
from wbtui.widgets.titled import titled
from wbtui.widgets.values_form import ValuesForm


class UseCaseValues(Vertical):
    """Forms for the values; what is entered in one form stays while another is shown."""

    def __init__(self, offers: Sequence[UseCaseOffer], position: int = 0) -> None:
        super().__init__()
        self._offers = offers
        self._use_cases = Picker([offer.title for offer in offers], id="use-case")
        self._use_cases.position = position
        self._entry_forms = Picker([], id="entry-form")
        self._forms = {(position, 0): _form(offers[position].matches[0])}

    def compose(self) -> ComposeResult:
        """Lay out the use cases, their forms, the advice, and the chosen form."""
        yield titled("Use case", self._use_cases)
        yield titled("Enter as", self._entry_forms, id="entry-forms")
        yield Static(classes="advice", markup=False)
        with Vertical(id="values"):
            yield self.values

    def on_mount(self) -> None:
        self._offer_entry_forms()

    @property
    def offer(self) -> UseCaseOffer:
        """Return the use case that is chosen."""
        return self._offers[self._use_cases.position]

    @property
    def match(self) -> FormMatch:
        """Return the form that is chosen, and how it fits."""
        return self.offer.matches[self._entry_forms.position]

    @property
    def values(self) -> ValuesForm:
        """Return the form that is shown."""
        return self._forms[self._use_cases.position, self._entry_forms.position]

    @property
    def credential(self) -> EnteredCredential:
        """Return what is entered in the form that is shown, sealed."""
        return EnteredCredential(self.offer.use_case, self.match.entry_form, self.values.sealed())

    @property
    def touched(self) -> bool:
        """Return whether anything was entered, also where it is not shown."""
        return any(form.touched for form in self._forms.values())

    def clear(self) -> None:
        """Drop every value, also those that are not shown."""
        for form in self._forms.values():
            form.clear()

    def _offer_entry_forms(self) -> None:
        self._entry_forms.offer([match.entry_form.title for match in self.offer.matches])
        self.query_one("#entry-forms").display = len(self.offer.matches) > 1
        use_case, advice = self.offer.use_case, self.query_one(".advice", Static)
        advice.display = not self.offer.as_it_is
        advice.update(Content(f"For {use_case.serves}. {use_case.advice}\n{use_case.link}"))

    @on(ContentChanged, "#use-case")
    def _another_use_case(self) -> None:
        self._offer_entry_forms()

    @on(ContentChanged, "#use-case, #entry-form")
    async def _show_form(self) -> None:
        chosen = (self._use_cases.position, self._entry_forms.position)
        if chosen not in self._forms:
            self._forms[chosen] = _form(self.match)
            await self.query_one("#values").mount(self._forms[chosen])
        for other, form in self._forms.items():
            form.display = other == chosen


def _form(match: FormMatch) -> ValuesForm:
    return ValuesForm(match.entry_form, match.preset, match.rows)
