"""The one error of this package."""


class ShapeError(ValueError):
    """An argument does not fit: its shape, or a size that was asked for.

    The message names the argument, what came and what was expected; the three are kept as attributes.

    >>> raise ShapeError("w_o", "shape (10, 12)", "shape (18, d_out)")
    Traceback (most recent call last):
    reference_impl.errors.ShapeError: w_o: got shape (10, 12), expected shape (18, d_out)
    """

    def __init__(self, argument: str, came: str, expected: str) -> None:
        super().__init__(argument, came, expected)
        self.argument = argument
        self.came = came
        self.expected = expected

    def __str__(self) -> str:
        return f"{self.argument}: got {self.came}, expected {self.expected}"
