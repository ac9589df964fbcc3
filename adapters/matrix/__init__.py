"""Matrix: what a homeserver brings in, letters out."""
