"""How completions are judged: the tasks' verifiers, and the steps of thinking. Standard library only."""
