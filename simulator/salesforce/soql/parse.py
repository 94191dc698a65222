"""SOQL as a bridge asks it (data sheet §3), and nothing beyond: what is not understood is MALFORMED_QUERY.

    SELECT a, B.c FROM X [WHERE …] [ORDER BY a [ASC|DESC] [NULLS FIRST|LAST], …] [LIMIT n] [OFFSET n]
    SELECT COUNT() FROM X [WHERE …]

In WHERE: = != <> < <= > >= LIKE IN NOT IN, AND, OR (not both in one row without parentheses), NOT (…).
"""

from __future__ import annotations

from .ast import Both, Condition, Literal, Not, Order, Query, Test
from .lexer import Word, unexpected, words

DEEPEST = 50  # parentheses
COMPARISONS = ("=", "!=", "<>", "<", "<=", ">", ">=")


def parse(text: str) -> Query:
    """The query, or MALFORMED_QUERY."""
    return _Parser(text).query()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.words = words(text)
        self.at = 0

    @property
    def word(self) -> Word:
        return self.words[self.at]

    def take(self) -> Word:
        word = self.word
        self.at += word.kind != "end"
        return word

    def met(self, *wanted: str) -> bool:
        """Step over these words if they come next."""
        following = self.words[self.at : self.at + len(wanted)]
        if len(following) == len(wanted) and all(one.says(word) for one, word in zip(following, wanted, strict=True)):
            self.at += len(wanted)
            return True
        return False

    def must(self, *wanted: str) -> None:
        if not self.met(*wanted):
            raise unexpected(self.text, self.word)

    def name(self) -> str:
        if self.word.kind != "name":
            raise unexpected(self.text, self.word)
        return self.take().text

    def whole(self) -> int:
        if self.word.kind != "number" or not self.word.text.isdigit():
            raise unexpected(self.text, self.word)
        return int(self.take().text)

    def query(self) -> Query:
        self.must("SELECT")
        fields = () if self.met("COUNT", "(", ")") else self.names()
        self.must("FROM")
        kind = self.name()
        where = self.condition(0) if self.met("WHERE") else None
        order = self.order() if self.met("ORDER", "BY") else ()
        limit = self.whole() if self.met("LIMIT") else None
        offset = self.whole() if self.met("OFFSET") else 0
        if self.word.kind != "end":
            raise unexpected(self.text, self.word)
        return Query(fields, kind, where, order, limit, offset)

    def names(self) -> tuple[str, ...]:
        found = [self.name()]
        while self.met(","):
            found.append(self.name())
        return tuple(found)

    def order(self) -> tuple[Order, ...]:
        found = [self.one_order()]
        while self.met(","):
            found.append(self.one_order())
        return tuple(found)

    def one_order(self) -> Order:
        path = self.name()
        down = self.met("DESC")
        if not down:
            self.met("ASC")
        last = self.met("NULLS", "LAST")
        if not last:
            self.met("NULLS", "FIRST")
        return Order(path, down, not last)

    def condition(self, depth: int) -> Condition:
        parts, word = [self.part(depth)], ""
        while self.word.says("AND", "OR"):
            if word and not self.word.says(word):
                raise unexpected(self.text, self.word)  # AND and OR side by side need parentheses
            word = self.take().text.upper()
            parts.append(self.part(depth))
        return Both(word, tuple(parts)) if word else parts[0]

    def part(self, depth: int) -> Condition:
        if depth > DEEPEST:
            raise unexpected(self.text, self.word)
        if self.met("NOT"):
            return Not(self.part(depth + 1))
        if self.met("("):
            inside = self.condition(depth + 1)
            self.must(")")
            return inside
        return self.test()

    def test(self) -> Test:
        path = self.name()
        if self.met("NOT", "IN"):
            return Test(path, "NOT IN", self.several())
        if self.met("IN"):
            return Test(path, "IN", self.several())
        if self.met("LIKE"):
            return Test(path, "LIKE", (self.literal(),))
        if not self.word.says(*COMPARISONS):
            raise unexpected(self.text, self.word)
        sign = self.take().text
        return Test(path, "!=" if sign == "<>" else sign, (self.literal(),))

    def several(self) -> tuple[Literal, ...]:
        self.must("(")
        found = [self.literal()]
        while self.met(","):
            found.append(self.literal())
        self.must(")")
        return tuple(found)

    def literal(self) -> Literal:
        word = self.take()
        if word.kind == "string":
            return Literal("string", word.text[1:-1])
        if word.kind in ("number", "date", "datetime"):
            return Literal(word.kind, word.text)
        if word.says("TRUE", "FALSE"):
            return Literal("boolean", word.text.lower())
        if word.says("NULL"):
            return Literal("null", "")
        raise unexpected(self.text, word)
