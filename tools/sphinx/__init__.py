"""The course's extensions of Sphinx; _config.yml lists them. They use tools, never the reverse."""
