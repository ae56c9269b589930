from wbtui.domain.credential import EnteredCredential
from wbtui.widgets.form_area import FormArea
from wbtui.widgets.use_case_values import UseCaseValues
from wbtui.widgets.values_form import ValuesForm


class CredentialForm(FormArea):
    """A form in which the values of a secret are entered."""

    def __init__(self, offers: UseCaseValues) -> None:
        super().__init__(can_focus=False)
        self._offers = offers

    @property
    def values(self) -> ValuesForm:
        """Return the form of the values that is shown."""
        return self._offers.values

    @property
    def credential(self) -> EnteredCredential:
        """Return what is entered, sealed."""
        return self._offers.credential

    def clear(self) -> None:
        """Drop every value, also those that are not shown."""
        self._offers.clear()
