"""The book: `course/` as static pages that work from a server, from a disk and without a network.

course/*.md  ->  source.py (adds what is computed: diagrams, pictures, notebooks, glossary)  ->  Sphinx with extension.py
"""
