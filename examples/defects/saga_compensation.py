"""A hotel that nobody cancels."""

from pubsub_devtools import saga, step


@saga("BookTrip")
class BookTrip:
    """Flight, hotel, tickets."""

    @step(compensating_action="cancel_flight")
    def book_flight(self) -> None:
        """Can be undone."""

    @step()
    def book_hotel(self) -> None:  # PSD016
        """Stays booked when the tickets cannot be sent."""

    @step()
    def send_tickets(self) -> None:
        """The last step: after it nothing can fail."""

    def cancel_flight(self) -> None:
        """Undo `book_flight`."""
