"""AWS's own models of its requests, as botocore publishes them: what is wrong with the parameters of a call."""

import functools
import re

import botocore.session

SCALARS = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "blob": bytes,
}

# Java's classes of characters, which models write and Python does not know; letters as far as the common scripts go.
CLASSES = {r"\p{L}": "a-zA-Z\u00c0-\u1fff\u2c00-\ud7ff", r"\p{N}": r"\d", r"\p{Z}": r"\s"}

session = botocore.session.get_session()


@functools.cache
def service(name):
    return session.get_service_model(name)


def operation(call):
    """The model of a call, for example `ec2.CreateVpc`."""
    name, _, action = call.partition(".")
    return service(name).operation_model(action)


@functools.cache
def compiled(pattern):
    """A pattern of a model, or None for one in words that Python has not."""
    for java, python in CLASSES.items():
        pattern = pattern.replace(java, python)
    try:
        return re.compile(pattern)
    except re.error:
        return None


def faults(shape, value, path, unread):
    """What is wrong with a value; patterns that cannot be read are added to `unread`."""
    if shape.type_name == "structure":
        return of_structure(shape, value, path, unread)
    if shape.type_name in ("list", "map"):
        return of_many(shape, value, path, unread)
    expected = SCALARS.get(shape.type_name)
    if expected is None:
        return [f"{path}: a {shape.type_name}, which the judge does not know"]
    if not isinstance(value, expected) or (isinstance(value, bool) and shape.type_name != "boolean"):
        return [f"{path}: {value!r} is no {shape.type_name}"]
    return of_text(shape, value, path, unread) if shape.type_name == "string" else of_size(shape, value, value, path)


def of_structure(shape, value, path, unread):
    if not isinstance(value, dict):
        return [f"{path}: is no {shape.name}"]
    found = [f"{path}.{name}: is required" for name in shape.required_members if name not in value]
    found += [f"{path}.{name}: {shape.name} has no such member" for name in value if name not in shape.members]
    for name, member in shape.members.items():
        if name in value:
            found += faults(member, value[name], f"{path}.{name}", unread)
    return found


def of_many(shape, value, path, unread):
    if not isinstance(value, list if shape.type_name == "list" else dict):
        return [f"{path}: is no {shape.type_name}"]
    found = of_size(shape, len(value), value, path)
    if shape.type_name == "list":
        return found + [fault for item in value for fault in faults(shape.member, item, f"{path}[]", unread)]
    for key, item in value.items():
        found += faults(shape.key, key, f"{path}.{key}", unread) + faults(shape.value, item, f"{path}.{key}", unread)
    return found


def of_text(shape, value, path, unread):
    limits = shape.metadata
    found = of_size(shape, len(value), value, path)
    if "enum" in limits and value not in limits["enum"]:
        found.append(f"{path}: {value!r} is none of {', '.join(limits['enum'])}")
    if "pattern" in limits:
        pattern = compiled(limits["pattern"])
        if pattern is None:
            unread.add(limits["pattern"])
        elif not pattern.fullmatch(value):
            found.append(f"{path}: {value!r} does not match {limits['pattern']}")
    return found


def of_size(shape, size, value, path):
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        return [f"{path}: {value!r} has {size}, and {least} is the least"]
    if most is not None and size > most:
        return [f"{path}: {value!r} has {size}, and {most} is the most"]
    return []
