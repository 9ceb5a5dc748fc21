"""Inputs of a resource that note which of them were used."""


class Inputs:
    """A mapping of inputs; what a call takes of it counts as used, at every depth."""

    def __init__(self, values):
        self._values = {key: wrapped(value) for key, value in values.items() if value is not None}
        self._used = set()

    def __getitem__(self, key):
        self._used.add(key)
        value = self._values.get(key)
        return value.items if isinstance(value, Rows) else value

    def all(self):
        """The mapping itself, for inputs whose keys are the owner's words."""
        self._used.update(self._values)
        return {key: value.items if isinstance(value, Rows) else value for key, value in self._values.items()}

    def unused(self):
        """Paths of what no call has taken."""
        for key, value in self._values.items():
            if key not in self._used:
                yield key
                continue
            for item in value.items if isinstance(value, Rows) else [value]:
                if isinstance(item, Inputs):
                    yield from (f"{key}.{path}" for path in item.unused())


class Rows:
    """A list of which the items may be inputs."""

    def __init__(self, items):
        self.items = [wrapped(item) for item in items]


def wrapped(value):
    if isinstance(value, dict):
        return Inputs(value)
    return Rows(value) if isinstance(value, list) else value


def pairs(tags, key="Key", value="Value"):
    """Tags as most services take them; None for none."""
    return tags and [{key: name, value: text} for name, text in tags.all().items()]


def tagged(kind, tags):
    """Tags as EC2 takes them while it makes a resource."""
    return tags and [{"ResourceType": kind, "Tags": pairs(tags)}]


def pruned(value):
    """Parameters without those that were not given."""
    if isinstance(value, dict):
        return {key: pruned(item) for key, item in value.items() if item is not None}
    return [pruned(item) for item in value] if isinstance(value, list) else value
