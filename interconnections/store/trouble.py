"""What stood in the way of a connection, in a few words and without an address or a name."""

import ssl

from redis.exceptions import RedisError


def told_by(error: RedisError) -> str:
    """By what the library met first: it wraps certificates and files that are missing into one kind of error."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not believed: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return "it speaks no TLS with us"
        if isinstance(cause, FileNotFoundError):
            return "a file that REDIS_URL names is not there"
        cause = cause.__cause__ or cause.__context__
    return type(error).__name__
