"""The facts and finding them: synchronous, no network, no database, no clock."""
