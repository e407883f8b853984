"""Sphinx settings for `make book`: the lessons and guides as web pages, in build/book/."""

from docutils.nodes import SkipNode
from latex2mathml.converter import convert

project = "Multi-head attention, built by hand"
author = "the authors of mha-course"
root_doc = "index"
extensions = ["myst_parser", "sphinxcontrib.mermaid"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
myst_fence_as_directive = ["mermaid"]
exclude_patterns = ["sample_class", "quiz", "hints"]
html_theme = "furo"
html_title = project
html_math_renderer = "mathml"


def _formula(display):
    """A visitor that writes a formula as MathML, which browsers set without a script and without a network."""

    def visit(writer, node):
        writer.body.append(convert(node.astext(), display=display))
        raise SkipNode

    return visit


def setup(app):
    app.add_html_math_renderer(
        "mathml", inline_renderers=(_formula("inline"), None), block_renderers=(_formula("block"), None)
    )
