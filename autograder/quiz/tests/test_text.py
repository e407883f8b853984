"""The bank's Markdown on each face."""

from __future__ import annotations

import pytest

from autograder.quiz.text.formula import mathml, plain_formula
from autograder.quiz.text.html import as_latex, to_html, to_inline_html
from autograder.quiz.text.plain import to_plain
from autograder.quiz.text.styled import to_blocks, to_text


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        (r"\mathrm{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V", "softmax(QKᵀ/√d_k) V"),
        (r"(d_{model}, H \cdot d_k)", "(d_model, H · d_k)"),
        (r"1/\sqrt{d_{model}/H}", "1/√(d_model/H)"),
        (r"\mathrm{Concat}(\mathrm{head}_1, \ldots, \mathrm{head}_H) W_o", "Concat(head_1, …, head_H) W_o"),
        (r"\sum_{i=1}^{H} a_i W_i^O", "∑_(i=1)^H a_i W_i^O"),
        (r"-\infty", "−∞"),
        (r"T^2", "T²"),
        (r"\frac{a+b}{2c}", "(a + b)/2c"),
        (r"\begin{bmatrix}1 & 0 \\ 2 & 3\end{bmatrix}", "[1, 0; 2, 3]"),
    ],
)
def test_a_formula_reads_well_in_one_line(latex: str, plain: str) -> None:
    assert plain_formula(latex) == plain


def test_words_in_mathml_are_whole() -> None:
    assert "<mi>softmax</mi>" in mathml(r"\mathrm{softmax}(x)")
    assert "<mi>model</mi>" in mathml("d_{model}")


@pytest.mark.parametrize("latex", ["{", r"\left(x", r"\sqroot{x}"])
def test_a_formula_that_cannot_be_read_is_named(latex: str) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        mathml(latex)


def test_html_holds_mathml_or_latex_and_nothing_unescaped() -> None:
    text = "Is $a < b$ for `x<y>`? <script>alert(1)</script> **Yes**, it costs \\$5."
    for html in (to_inline_html(text), to_html(text, as_latex)):
        assert "<script" not in html
        assert "<code>x&lt;y&gt;</code>" in html
        assert "<strong>Yes</strong>" in html
        assert "$5" in html
    assert "<math" in to_inline_html(text)
    assert r"\(a &lt; b\)" in to_html(text, as_latex)


def test_blocks_keep_their_lists_and_code() -> None:
    html = to_html("One:\n\n- $x$\n- two\n\n```python\ny = 1\n```")
    assert html.count("<li>") == 2
    assert '<pre><code class="language-python">y = 1' in html
    assert to_plain("One:\n\n- $x_1$\n- two") == "One: x_1 two"


def test_terminal_text_carries_its_meaning_without_colour() -> None:
    text = to_text("Give `w_o` the width $d_{model}$, *not* **more**.")
    assert text.plain == "Give w_o the width d_model, not more."
    assert to_blocks("a\n\n- b\n- c") is not None
