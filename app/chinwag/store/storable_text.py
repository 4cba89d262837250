"""Makes any text one that UTF-8, and so every file of ours, can hold."""


def storable(text: str) -> str:
    """The text as UTF-8 can hold it: halves of a surrogate pair are joined, stray ones replaced."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
