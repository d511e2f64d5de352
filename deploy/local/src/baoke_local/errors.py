"""What can go wrong with a server on this machine, each as a sentence for the person at the terminal."""


class LocalServerError(Exception):
    """A server on this machine cannot be used."""


class StaleDataFolder(LocalServerError):
    """The data folder holds something that this server cannot open."""


class FolderInUse(LocalServerError):
    """Another process uses the data folder."""


class ServerDidNotStart(LocalServerError):
    """The server ended, or did not answer in time, while it was starting."""


class ServerUnavailable(LocalServerError):
    """The machine lacks what the server needs."""
