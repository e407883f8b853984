"""The bank's Markdown, turned into HTML with MathML, into styled terminal text, or into plain text."""
