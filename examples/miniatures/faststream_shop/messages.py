"""The messages of the shop. Amounts are in cents."""

from pydantic import BaseModel


class Order(BaseModel):
    """A customer wants some pieces of an item."""

    order_id: str
    item: str
    quantity: int
    total: int


class Bill(BaseModel):
    """An order's amount."""

    order_id: str
    total: int


class Ref(BaseModel):
    """Names an order."""

    order_id: str


class Refusal(BaseModel):
    """Names an order that cannot be fulfilled, and why."""

    order_id: str
    reason: str
