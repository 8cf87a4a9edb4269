"""What programs ask for: JSON in, JSON out, with a token."""
