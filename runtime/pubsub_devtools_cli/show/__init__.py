"""Text for people: each module turns values into what rich lays out, and prints nothing itself."""
