"""A short digest of something said, without OpenSSL: `hashlib` takes 3 MB more to load for that."""

try:
    from _blake2 import blake2b
except ImportError:  # a Python that was built without its own
    from hashlib import blake2b


def short_digest(said: bytes, size: int) -> str:
    """So many bytes of a BLAKE2b digest, in hexadecimal."""
    return blake2b(said, digest_size=size).hexdigest()
