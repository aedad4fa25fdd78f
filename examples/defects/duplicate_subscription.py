"""Copied and half changed: the second function takes the name of the first, and the signal holds both weakly."""

from django.contrib.auth.models import Group, User
from django.db.models.signals import post_save
from django.dispatch import receiver


@receiver(post_save, sender=User)
def update_index(sender, instance, **kwargs):  # PSD012
    """Gone as soon as the next one is defined."""
    print("user", instance)


@receiver(post_save, sender=Group)
def update_index(sender, instance, **kwargs):
    """The only one that is called."""
    print("group", instance)
