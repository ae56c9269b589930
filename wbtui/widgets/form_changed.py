from textual.message import Message


class FormChanged(Message):
    """Something was entered or chosen in the form of a screen."""
