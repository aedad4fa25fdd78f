"""Each attempt to charge sends a notice, whether it succeeds or not."""

from celery import shared_task


@shared_task
def send_notice(order_id):
    """Tell the customer."""
    print("charged", order_id)


@shared_task(autoretry_for=(OSError,), max_retries=5)
def charge(order_id, bank):
    """Announced before it is done."""
    send_notice.delay(order_id)  # PSD018
    bank.charge(order_id)


def checkout(order_id, bank):
    """Send the order on its way."""
    charge.delay(order_id, bank)
