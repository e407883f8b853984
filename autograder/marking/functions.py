"""Questions answered by a function: it runs on fresh inputs beside the reference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import tee
from typing import Any

from .anatomy import Anatomy
from .calls import Observation, call, copied, silence, trusted
from .cases import Case, Facet, shapes
from .compare import agrees, as_array, difference
from .conduct import conduct
from .diagnose import diagnose, explains
from .explain import explain
from .mistake import Mistake, Wrong
from .noted import failed
from .question import Question
from .remembered import remembered
from .report import FacetResult, Outcome, Report
from .rounding import in_other_precision, off_by
from .seen import Seen
from .trail import Follower, Trail


@dataclass(frozen=True)
class FunctionQuestion(Question):
    """A question whose answer is a function.

    name       the function's name in the notebook
    reference  the right function
    argnames   names of its arguments, for the report
    wrongs     known mistakes made concrete, single ones first; called only when the answer is wrong
    builds_on  questions on the pieces that this answer may call: their named mistakes are charged there, not here
    carrying   the right function but for those mistakes, in every style that differs beside them; none where it
               cannot carry them
    symptoms   sentences on what a wrong result tells, from it and the right one
    sections   where to read of a mistake, by the stage it belongs to; `read` says it for every other
    given      what stands in the cell as handed out, where that is a function to repair: doing the same on every case
               is no attempt
    until_attempted  what the report says until there is an attempt, a sentence each
    inside     the stages of the function, where it has any: a wrong answer's own arrays are compared with them
    """

    id: str
    title: str
    points: float
    read: str
    name: str
    reference: Callable[..., Any]
    facets: tuple[Facet, ...]
    argnames: tuple[str, ...] = ()
    wrongs: Callable[[], Iterable[Wrong]] = tuple
    builds_on: Callable[[], Sequence[Question]] = tuple
    carrying: Callable[[Sequence[Mistake]], Sequence[Callable[..., Any]]] = lambda mistakes: ()
    symptoms: Callable[[Any, Any], Sequence[str]] | None = None
    sections: Mapping[str, str] = field(default_factory=dict, hash=False)
    given: Callable[..., Any] | None = None
    until_attempted: Callable[[], Sequence[str]] = tuple
    inside: Callable[[], Follower] | None = None

    def shares(self) -> tuple[tuple[str, float], ...]:
        return tuple((f.title, f.share) for f in self.facets)

    def known_mistakes(self) -> tuple[Mistake, ...]:
        found = {m.name: m for wrong in self._wrongs() for m in wrong.mistakes}
        found.update({f.lacks.name: f.lacks for f in self.facets if f.lacks is not None})
        return tuple(found.values())

    def mark(self, names: Mapping[str, Any], seed: str = "", points: float | None = None) -> Report:
        report, seen, shown = self._marked(names, seed, points)
        return report if shown is None else self._with_trail(report, names[self.name], seen, shown)

    def mistakes_in(self, names: Mapping[str, Any], seed: str = "") -> tuple[Mistake, ...]:
        return self._marked(names, seed, None)[0].mistakes

    def _marked(
        self, names: Mapping[str, Any], seed: str, points: float | None
    ) -> tuple[Report, Sequence[Seen], Seen | None]:
        """The report without a trail, all calls, and the call that the report tells of; None where no call went wrong."""
        function = names.get(self.name)
        if function is None or function is ...:
            return self.missing(points, self.name), (), None
        if not callable(function):
            nothing = tuple(FacetResult(title, share, False) for title, share in self.shares())
            said = f"`{self.name}` should be a function; it is {type(function).__name__}."
            return self.report(Outcome.WRONG, nothing, points, seen=(said,)), (), None
        runs = [[self._see(case, function, want) for case, want in of_facet] for of_facet in self.drawn(seed)]
        first = runs[0][0].got
        if first.unwritten:
            return self.untouched(points, *([str(first.error)] if str(first.error) else [])), (), None
        if self.given is not None and explains(self.given, [s for run in runs for s in run]):
            said = f"`{self.name}` still does what it did when it was handed out."
            return self.untouched(points, said, *self.until_attempted()), (), None
        results = [_earned(facet, run) for facet, run in zip(self.facets, runs, strict=True)]
        if not all(r.passed for r in results):
            results = self._follow_through(names, seed, runs, results)
        failing = next((i for i, r in enumerate(results) if not r.passed), None)
        if failing is None:
            return self.report(Outcome.PASSED, tuple(results), points), (), None
        shown = next(s for s in runs[failing] if not _right(self.facets[failing], s))
        seen = [s for run in runs for s in run]
        mistakes = diagnose(seen, self._wrongs())
        lacks = self.facets[failing].lacks
        if not mistakes and lacks is not None and shown.agrees:
            mistakes = (lacks,)
        if not mistakes and (kept := remembered(seen, self.reference, self.argnames)) is not None:
            mistakes = (kept,)
        report = self.report(
            Outcome.RAISED if shown.got.raised and not shown.want.raised else Outcome.WRONG,
            tuple(results),
            points,
            seen=self._seen(self.facets[failing], shown),
            mistakes=mistakes,
            trace=shown.got.trace(),
            printed=next((s.got.printed for run in runs for s in run if s.got.printed), ""),
        )
        read = next((self.sections[m.stage] for m in mistakes if m.stage in self.sections), self.read)
        return replace(report, read=read), seen, shown

    def _with_trail(self, report: Report, function: Callable[..., Any], seen: Sequence[Seen], shown: Seen) -> Report:
        """The report with where the answer first goes wrong inside, on the call that shows it best."""
        if self.inside is None:
            return replace(report, explanation=explain(failed(function, shown.case), {}) if shown.got.raised else "")
        if not shown.got.raised and shown.agrees:
            return report  # what it does besides is wrong, and not what it computes
        follower = self.inside()
        trail = follower.trail(function, shown.case, shown.got.error, [m.name for m in report.mistakes])
        right = {step.stage for step in trail.steps if step.right and not step.moved} - {trail.first_wrong}
        refuted = {m.name for m in report.mistakes if follower.anatomy.at(m) in right}
        if refuted and trail.first_wrong:  # another mistake gives the same numbers, and leaves these arrays right
            fewer = (w for w in self._wrongs() if len(w.mistakes) <= len(report.mistakes))
            others = (w for w in fewer if refuted.isdisjoint(m.name for m in w.mistakes))
            found = diagnose(seen, others)
            known = {m.name for w in self._wrongs() for m in w.mistakes}
            if found and all(m.name in known for m in found):
                report = replace(report, mistakes=found)
        first = _first_wrong(trail, report.mistakes, follower.anatomy)
        topics = [m.stage for m in report.mistakes] or [follower.anatomy.topics.get(first, "")]
        return replace(
            report,
            read=next((self.sections[topic] for topic in topics if topic in self.sections), report.read),
            trail=trail.steps,
            first_wrong=first,
            explanation=explain(trail.error, trail.sizes or {}),
            picture=trail.picture,
        )

    @cached_property
    def _made(self) -> Iterator[Wrong]:
        return tee(self.wrongs(), 1)[0]

    def _wrongs(self) -> Iterator[Wrong]:
        """The wrong functions from the first on, each made once, when a diagnosis first gets that far."""
        return copy(self._made)

    def drawn(self, seed: str) -> Sequence[Sequence[tuple[Case, Observation]]]:
        """The cases of every facet, each with what the reference makes of it: decided by the seed alone."""
        with silence():
            return [
                [(case, case.of(self.reference)) for case in facet.cases(self.rng(seed, facet.title))]
                for facet in self.facets
            ]

    def _see(self, case: Case, function: Callable[..., Any], want: Observation) -> Seen:
        def rounded() -> Any:
            args, kwargs = in_other_precision((case.args, dict(case.kwargs)))
            return trusted(case.through(self.reference), args, kwargs).value

        if case.twice is None:
            return Seen(case, case.run(function), want, rounded=rounded)
        before = (case.args, case.kwargs)
        args, kwargs = copied((case.args, dict(case.kwargs)))
        got = call(case.through(function), args, kwargs, before=before)
        return Seen(case, got, want, call(case.through(function), args, kwargs, before=before), rounded)

    def _follow_through(
        self, names: Mapping[str, Any], seed: str, runs: list[list[Seen]], results: list[FacetResult]
    ) -> list[FacetResult]:
        """Earn the facets that are right given a named mistake in a piece, which was charged with that piece."""
        charged = {m.name: (m, q.id) for q in self.builds_on() for m in q.mistakes_in(names, seed)}
        if not charged:
            return results
        carried = [_done_by(function, runs) for function in self.carrying([m for m, _ in charged.values()])]
        where = ", ".join(sorted({question for _, question in charged.values()}))
        note = f"right, given the mistake already counted in {where}"
        return [
            result
            if result.passed or not any(done[facet] for done in carried)
            else FacetResult(result.title, result.share, True, note)
            for facet, result in enumerate(results)
        ]

    def _seen(self, facet: Facet, shown: Seen) -> tuple[str, ...]:
        where = shown.case.label or shapes(self.argnames, shown.case)
        got, want = shown.got, shown.want
        if got.raised and not want.raised:
            return (f"On {where}: the call raised {type(got.error).__name__}.",)
        if want.raised:
            came = f"{type(got.error).__name__} was raised" if got.raised else "nothing was raised"
            return (f"On {where}: expected a {_base_name(want.error)}; {came}.",)
        if agrees(got.value, want.value) and not shown.agrees:
            return (
                f"On {where}: the values are nearly right; they are off by up to {off_by(got.value, want.value):.2g}.",
            )
        if not agrees(got.value, want.value):
            tells = self.symptoms is not None and as_array(got.value) is not None
            more = self.symptoms(got.value, want.value) if self.symptoms is not None and tells else ()
            return (f"On {where}: {difference(got.value, want.value)}", *more)
        behaviour = conduct(shown)
        if behaviour is not None:
            return (f"On {where}: {behaviour.seen(self.argnames)}",)
        said = facet.also(got.value, want.value) if facet.also is not None else None
        return (f"On {where}: {said}",)


def _first_wrong(trail: Trail, mistakes: Sequence[Mistake], anatomy: Anatomy) -> str:
    """The first stage of the mistakes that have a name, because their numbers are the answer's; else the trail's."""
    known = [stage for mistake in mistakes if (stage := anatomy.at(mistake))]
    return min(known, key=list(anatomy.stages).index) if known else trail.first_wrong


def _base_name(error: BaseException | None) -> str:
    return "ValueError" if isinstance(error, ValueError) else type(error).__name__


def _agree(got: Observation, want: Observation) -> bool:
    if got.raised or want.raised:
        return got.raised and want.raised and (isinstance(got.error, ValueError) or type(got.error) is type(want.error))
    return agrees(got.value, want.value)


def _done_by(function: Callable[..., Any], runs: Sequence[Sequence[Seen]]) -> list[bool]:
    """For every facet, whether what was seen is what one of our own functions does, without a mistake of conduct.

    That both raise an error says little by itself. It counts where the answer gives results somewhere, and all of them
    are this function's.
    """
    with silence():
        facets = [[(s, s.case.of(function)) for s in run] for run in runs]
    results = [_agree(s.got, made) for facet in facets for s, made in facet if not (s.got.raised and made.raised)]
    errors_count = bool(results) and all(results)
    return [
        all(
            _agree(s.got, made) and conduct(s) is None and (errors_count or s.want.raised or not s.got.raised)
            for s, made in facet
        )
        for facet in facets
    ]


def _right(facet: Facet, seen: Seen) -> bool:
    return (
        seen.agrees
        and conduct(seen) is None
        and (facet.also is None or seen.got.raised or facet.also(seen.got.value, seen.want.value) is None)
    )


def _earned(facet: Facet, run: Sequence[Seen]) -> FacetResult:
    return FacetResult(facet.title, facet.share, all(_right(facet, s) for s in run))
