"""Settings: only what the shop's signals need."""

SECRET_KEY = "for the miniature alone"
USE_TZ = True
INSTALLED_APPS = [
    "orders.apps.OrdersConfig",
    "stock.apps.StockConfig",
    "payments.apps.PaymentsConfig",
    "shipping.apps.ShippingConfig",
    "mail.apps.MailConfig",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
