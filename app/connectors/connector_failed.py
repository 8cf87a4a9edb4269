"""What a connector raises when the world outside did not do its part."""


class ConnectorFailed(Exception):
    """The work could not be done this time; the job tries again."""
