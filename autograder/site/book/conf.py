"""Sphinx settings for `make book`. The sources are written by source.py; see build.py."""

project = "Multi-head attention, built by hand"
author = "the authors of mha-course"
root_doc = "index"
extensions = ["myst_parser", "autograder.site.book.extension"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = project
html_math_renderer = "mathml"
html_static_path = ["static"]
html_css_files = ["site.css", "search.css"]
html_js_files = [("site.js", {"defer": "defer"}), ("search.js", {"defer": "defer"})]
html_show_sphinx = False
html_show_copyright = False
html_favicon = "static/favicon.svg"
html_copy_source = False
html_show_sourcelink = False
html_use_index = False
templates_path = ["templates"]
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "search-here.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
html_theme_options = {
    "light_css_variables": {
        "color-brand-primary": "#2f4bc4",
        "color-brand-content": "#2f4bc4",
        "color-brand-visited": "#5b3aa8",
    },
    "dark_css_variables": {
        "color-brand-primary": "#9db1ff",
        "color-brand-content": "#9db1ff",
        "color-brand-visited": "#c3aaff",
    },
}
