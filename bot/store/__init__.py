"""What Sēlis keeps between messages: one small file for each thing, over SQLite or PostgreSQL."""
