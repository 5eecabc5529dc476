"""What people write, made fit to be kept."""


def storable(text: str, most: int) -> str:
    """At most so many characters, without what a database does not store: NULs, and halves of characters."""
    return text.replace("\0", "").encode(errors="ignore").decode()[:most]
