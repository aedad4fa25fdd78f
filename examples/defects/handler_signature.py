"""Django calls receivers with whatever the sender adds."""

from django.db.models.signals import post_delete
from django.dispatch import receiver


@receiver(post_delete)
def forget(sender, instance):  # PSD013
    """Cannot take `signal`, `using` and `origin`."""
    print("forgotten", instance)
