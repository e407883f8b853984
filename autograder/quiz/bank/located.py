"""Where a value stands in a YAML file: looked up only when there is a mistake to report."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser where PyYAML was built with it: ten times as fast, with the same results."""


def line_of(source: str, path: Sequence[str | int]) -> int:
    """The line, from 1, of the value at a path such as ["questions", 2, "choices", 0]; of its nearest parent if it is absent."""
    node = yaml.compose(source, Loader=Loader)
    for key in path:
        child = _child(node, key)
        if child is None:
            break
        node = child
    return 1 if node is None else node.start_mark.line + 1


def _child(node: yaml.Node | None, key: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        child: yaml.Node = node.value[key]
        return child
    if isinstance(node, yaml.MappingNode):
        return next((value for name, value in node.value if name.value == str(key)), None)
    return None
