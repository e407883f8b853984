"""The quiz in a terminal: keys in, styled text out, and nothing else."""
