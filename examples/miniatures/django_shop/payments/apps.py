"""Connects the receivers of this app when Django starts."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """The app `payments`."""

    name = "payments"

    def ready(self) -> None:
        """Import the receivers: their decorators connect them."""
        from . import receivers  # noqa: F401 - signals can be connected only now
