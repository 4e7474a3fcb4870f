"""The errors that end a command: one sentence that names the cause and the remedy.

OperatorError
    PortInUseError, EnvironmentMissingError, DatabaseUnreachableError
    SettingError, ContentError, TrainingFailedError, NotHealthyError, MeasuringError
    NotPublishableError, NotExportableError, NeedsTrainingError, SwapFailedError
    EncodingError, BackupError
"""


class OperatorError(Exception):
    """Something that the person at the terminal can mend; its text is all they need to read."""


class PortInUseError(OperatorError):
    """A port that a process needs is taken."""


class EnvironmentMissingError(OperatorError):
    """The engine's environment is not built."""


class DatabaseUnreachableError(OperatorError):
    """The database does not answer."""


class SettingError(OperatorError):
    """A setting in the environment cannot be read."""


class ContentError(OperatorError):
    """The training content is broken."""


class TrainingFailedError(OperatorError):
    """Training ended without a model."""


class NotHealthyError(OperatorError):
    """A process did not become healthy in time."""


class MeasuringError(OperatorError):
    """An evaluation cannot be made: its questions cannot be read, or the engine does not answer."""


class EncodingError(OperatorError):
    """The sentence encoder ended without the vectors that it was asked for."""


class NotPublishableError(OperatorError):
    """A candidate or version cannot go live now; the text says why."""


class NotExportableError(OperatorError):
    """The content of a version or candidate cannot be written as a patch; the text says why."""


class NeedsTrainingError(OperatorError):
    """A change is more than other words, or does not stand on what is live; the text says why."""


class SwapFailedError(OperatorError):
    """The running engine did not take a model."""


class BackupError(OperatorError):
    """A backup cannot be made or brought back."""
