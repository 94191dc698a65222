"""Rules: an answer of Redis is lost, memory is out for a while; either may come at any time."""

from hypothesis.stateful import precondition, rule

from tests.store.machine.stage import Stage


class Troubled(Stage):
    @precondition(lambda self: not self.real.loses)
    @rule()
    def the_next_answer_is_lost(self) -> None:
        """The script is done; redis-py sends it again."""
        self.real.loses = True

    @precondition(lambda self: not self.real.full)
    @rule()
    def memory_is_out(self) -> None:
        """What begins something new is refused whole; all else goes on."""
        self.real.full = True

    @precondition(lambda self: self.real.full)
    @rule()
    def there_is_memory_again(self) -> None:
        self.real.full = False
