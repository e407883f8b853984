"""What can go wrong in the quiz and is not a bug: each message is a sentence for whoever can put it right."""


class QuizError(Exception):
    """Something the user gave cannot be used; the message says what, and what to do."""


class BankError(QuizError):
    """The bank of questions holds mistakes. `problems` has one sentence each, with file, line and question."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
