"""What the course promises about speed and memory, measured: `make bench`, or `python -m autograder.bench reference`.

A benchmark is a module here with a function `run(console)` that measures and prints; BENCHMARKS in `__main__` lists them.
"""
