"""Sphinx settings for `make book`: the lessons and guides as web pages, in build/book/."""

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
