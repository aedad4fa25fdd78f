"""Stock: what lies on the shelves, and for whom it is put aside."""
