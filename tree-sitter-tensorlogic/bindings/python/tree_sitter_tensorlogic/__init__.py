"""The grammar of TensorLogic for tree-sitter.

    >>> from tree_sitter import Language, Parser
    >>> import tree_sitter_tensorlogic
    >>> parser = Parser(Language(tree_sitter_tensorlogic.language()))
    >>> parser.parse(b"main { print(1 + 2) }").root_node.has_error
    False
"""

from importlib.resources import files

from ._binding import language

_QUERIES = {
    "HIGHLIGHTS_QUERY": "highlights.scm",
    "INJECTIONS_QUERY": "injections.scm",
    "LOCALS_QUERY": "locals.scm",
    "TAGS_QUERY": "tags.scm",
}

__all__ = ["language", *_QUERIES]


def __getattr__(name: str) -> str:
    """A query is read when it is asked for."""
    if name not in _QUERIES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return files(__name__).joinpath("queries", _QUERIES[name]).read_text(encoding="utf-8")


def __dir__() -> list[str]:
    return sorted(__all__)
