from typing import Final

from typing_extensions import CapsuleType

# The syntax highlighting query.
HIGHLIGHTS_QUERY: Final[str]

# The query for parts in other languages.
INJECTIONS_QUERY: Final[str]

# The query for scopes, definitions and references of variables.
LOCALS_QUERY: Final[str]

# The query for symbols that a file defines and calls.
TAGS_QUERY: Final[str]

def language() -> CapsuleType:
    """The language, to be handed to `tree_sitter.Language`."""
