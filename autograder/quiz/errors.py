"""What can be wrong with the bank: each message is a sentence for whoever can put it right."""

from ..problem import Problem


class BankError(Problem):
    """The bank of questions holds mistakes. `problems` has one sentence each, with file, line and question."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(["The bank of questions has mistakes:", *problems]))
        self.problems = problems
