"""Shipping: parcels, from the packing table to the customer's door."""
