"""What an account needs to call X: the four secrets of OAuth 1.0a user context."""

from dataclasses import dataclass, fields

from followguard.domain.secret import SHOWN, Secret

SHORTEST_REDACTED = 8
"""Characters. A shorter secret is a stand-in's; blotting it out would garble every text that holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Consumer key and secret of the developer app, access token and secret of the account."""

    consumer_key: Secret
    consumer_secret: Secret
    access_token: Secret
    access_token_secret: Secret

    def redact(self, text: str) -> str:
        """The text with every one of the four secrets in it replaced by `***`."""
        for name in (field.name for field in fields(self)):
            secret = getattr(self, name).reveal()
            if len(secret) >= SHORTEST_REDACTED:
                text = text.replace(secret, SHOWN)
        return text
