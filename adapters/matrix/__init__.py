"""Matrix: encrypted rooms, by matrix-nio."""
