"""Writes the headers of letters so that their words arrive as they were.

Where the standard library of Python 3.11 breaks a line of encoded words, a space may be lost or doubled.
"""

from email.header import Header
from email.headerregistry import AddressHeader, UnstructuredHeader
from email.policy import EmailPolicy

LONGEST_LINE = 75  # of encoded words, by RFC 2047


class Headers(EmailPolicy):
    """For mail servers; words in other than plain letters are encoded here."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if value.isascii():
            return super().fold_binary(name, value)
        if isinstance(value, UnstructuredHeader):
            return self._line(name, str(value), "")
        if isinstance(value, AddressHeader) and len(value.addresses) == 1:
            (one,) = value.addresses
            return self._line(name, one.display_name, f"{self.linesep} <{one.addr_spec}>")
        return super().fold_binary(name, value)

    def _line(self, name: str, words: str, after: str) -> bytes:
        encoded = Header(words, "utf-8", LONGEST_LINE, name).encode(linesep=self.linesep)
        return f"{name}: {encoded}{after}{self.linesep}".encode("ascii")


POST = Headers(linesep="\r\n")
