"""How thinking about a question stands: what is judged of a step, and what is there for the next one."""


class Standing:
    """Never changed: a step leads to another standing."""

    missing = 0
    """Steps that are still needed."""

    def follow(self, line):
        """The step's mark, whether it is right but not needed, and the standing after it."""
        raise NotImplementedError

    def restart(self):
        """Where a search begins anew."""
        return self
