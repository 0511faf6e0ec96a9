"""Recursive descent: what the parsers of both languages read their tokens with."""


class Fails(Exception):
    """It is no expression, or throws."""


class Descent:
    """Tokens, of which the next one is looked at; the empty one is the end. Fails at the first that does not fit."""

    def __init__(self, tokens):
        self.tokens, self.place = [*tokens, ""], 0

    @property
    def next(self):
        return self.tokens[self.place]

    def advance(self):
        """The next token, whatever it is."""
        token = self.next
        self.place += 1
        return token

    def take(self, *tokens):
        """The next token if it is one of these."""
        return self.advance() if self.next in tokens else None

    def expect(self, token):
        if self.take(token) is None:
            raise Fails
