"""A day in the shop: four customers, four endings. Run it with `python -m examples.shop`."""

from .shop import open_shop


def say(department: str, text: str) -> None:
    """Print one line of the story."""
    print(f"{department:>9} | {text}")


def chapter(title: str) -> None:
    """Begin the story of one customer."""
    print(f"\n{title}")


def main() -> None:
    """Open the shop and let the day pass."""
    shop = open_shop(say)

    chapter("Ada buys two teapots, and all goes well.")
    shop.desk.place_order("o-1", "ada", "teapot", 2)
    shop.dock.pick_up()
    shop.dock.report_delivery("o-1")

    chapter("Ben's card is declined: what was done for him is undone.")
    shop.desk.place_order("o-2", "ben", "samovar", 1)

    chapter("Cleo wants more cups than there are.")
    shop.desk.place_order("o-3", "cleo", "cup", 9)

    chapter("Dan changes his mind before the carrier comes, and Cleo hears of it.")
    shop.desk.place_order("o-4", "dan", "cup", 4)
    shop.desk.cancel("o-4", "the customer changed his mind")
    shop.dock.pick_up()


if __name__ == "__main__":
    main()
