"""Text files for systemd; no code."""
