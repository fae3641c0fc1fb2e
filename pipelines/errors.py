"""Errors that a user may see: sentences with facts (what came, where, what is allowed)."""

from datetime import datetime


class NocturneError(Exception):
    """Base of every error that is a sentence for the user, never a traceback."""


class TerminalError(NocturneError):
    """Trying again cannot help: a person has to change something first."""


class TransientError(NocturneError):
    """Trying again later may help (a lock held, a disk full, a file still being written)."""


class ConfigError(TerminalError):
    """The configuration is wrong; the text lists all mistakes at once."""


class SourceError(TerminalError):
    """An extract cannot be read as declared (missing, empty, wrong encoding, missing column …)."""


class CheckFailed(TerminalError):
    """A critical check stopped the step; nothing of it was published."""


class SealedNight(TerminalError):
    """The night was delivered; its decisions and files cannot be rewritten."""


class NotReady(TerminalError):
    """A step was called before the step it reads from has run."""


class ExtractAwaited(TransientError):
    """An extract has not come, and the night is to wait for it until the aware moment `until`."""

    def __init__(self, text: str, until: datetime) -> None:
        super().__init__(text)
        self.until = until


class WarehouseBusy(TransientError):
    """Another process holds the warehouse."""


class StorageError(TransientError):
    """The disk refused a write (full, read-only, gone)."""
