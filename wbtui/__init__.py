"""The credentials of an AMD AI Workbench project, in the terminal: found, made, changed and used, never shown."""

__version__ = "0.1.0"
