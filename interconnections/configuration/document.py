"""The document as YAML has it: parts with their lines.  What a part means is its column's to say (columns.py).

Plain words stay texts: only true, false, null and decimal numbers are anything else, so that `flow: NO` is a flow.
"""

import re
from dataclasses import dataclass

import yaml


class Plain(yaml.SafeLoader):
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


for kind, pattern, first in (
    ("bool", "true|false", "tf"),
    ("null", "null|~|", ("n", "~", "")),
    ("int", "-?(0|[1-9][0-9]*)", "-0123456789"),
    ("float", "-?[0-9]+[.][0-9]+", "-0123456789"),
):
    Plain.add_implicit_resolver(f"tag:yaml.org,2002:{kind}", re.compile(f"^(?:{pattern})$"), list(first))


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with the document, and in which line."""

    line: int
    sentence: str


class Mistaken(Exception):
    """The document cannot be used; nothing was changed."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = sorted(mistakes, key=lambda mistake: mistake.line)


class Document:
    """A document, and the mistakes that are found while it is read."""

    def __init__(self, text: str) -> None:
        self.mistakes: list[Mistake] = []
        try:
            self._loader = Plain(text)
            self.root: yaml.Node | None = self._loader.get_single_node()
        except (yaml.YAMLError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or "there are characters or depths in it that YAML has not"
            raise Mistaken([Mistake(mark.line + 1 if mark else 1, f"This is not YAML: {problem}.")]) from None

    def wrong(self, node: yaml.Node, sentence: object) -> None:
        self.mistakes.append(Mistake(line_of(node), str(sentence)))

    def parts(self, node: yaml.Node | None, what: str) -> dict[str, yaml.Node]:
        """A mapping's parts by name; a mistake, and nothing, where it is none."""
        if node is None or is_null(node):
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, f"{what} must be names with values, like `name: value`.")
            return {}
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.wrong(key, "A name must be a text.")
            elif key.value in found:
                self.wrong(key, f"{key.value} is here twice.")
            else:
                value.start_mark = key.start_mark  # a block begins in the line of its name
                found[key.value] = value
        return found

    def listed(self, node: yaml.Node | None, what: str) -> list[yaml.Node]:
        if node is None or is_null(node):
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(node, f"{what} must be a list.")
            return []
        return list(node.value)

    def plain(self, node: yaml.Node) -> object:
        """Texts, numbers, lists and mappings, as JSON has them; raises yaml.YAMLError for anything else."""
        return self._loader.construct_object(node, deep=True)


def line_of(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def is_null(node: yaml.Node) -> bool:
    return bool(node.tag == "tag:yaml.org,2002:null")
