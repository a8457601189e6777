"""What makes the site and the book's other forms; run a tool with ``python -m tools.NAME``."""
