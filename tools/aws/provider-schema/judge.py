"""Compares resources with the provider's own classes in the package pulumi-aws; prints faults in JSON: see judge.ts.

The package is parsed and not imported: importing it needs packages that are not here.
"""

import ast
import functools
import importlib.util
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(importlib.util.find_spec("pulumi_aws").submodule_search_locations[0])
TOKEN = re.compile(r'^@pulumi.type_token\("([^"]+)"\)', re.MULTILINE)
SCALARS = {"str": str, "bool": bool, "int": int, "float": (int, float)}


@functools.cache
def classes(path):
    """Classes of a file of the package by name."""
    return {node.name: node for node in ast.parse(path.read_text()).body if isinstance(node, ast.ClassDef)}


@functools.cache
def files(folder):
    """Files of a folder of the package by the token of the type that each one declares."""
    found = ((path, TOKEN.search(path.read_text())) for path in folder.glob("[!_]*.py"))
    return {token[1]: path for path, token in found if token}


@functools.cache
def arguments_class(token):
    """Folder and class of a type's arguments, or None for a type that the package has not."""
    _, where, name = token.split(":")
    folder = ROOT / where.split("/")[0]
    declared = files(folder).get(token)
    if declared is None:
        return None
    # `InitArgs` where a nested argument has the shorter name.
    return folder, classes(declared).get(f"{name}InitArgs") or classes(declared)[f"{name}Args"]


def fields(node):
    """Arguments of a class by the provider's name: annotation, and whether it is required."""
    functions = [item for item in node.body if isinstance(item, ast.FunctionDef)]
    names = {one.name: call.keywords[0].value.value for one in functions for call in one.decorator_list if getter(call)}
    init = next(one for one in functions if one.name == "__init__").args
    pairs = zip(init.kwonlyargs, init.kw_defaults, strict=True)
    return {names.get(one.arg, one.arg): (one.annotation, default is None) for one, default in pairs}


def getter(call):
    return isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "getter" and call.keywords


def judged_class(folder, node, value, path):
    known = fields(node)
    if not isinstance(value, dict):
        return [f"{path}: is no {node.name}"]
    given = {key: item for key, item in value.items() if item is not None and key != "__defaults"}
    faults = [f"{path}.{key}: the provider has no such argument" for key in given if key not in known]
    faults += [f"{path}.{key}: is required" for key, (_, required) in known.items() if required and key not in given]
    for key, item in given.items():
        if key in known:
            faults += judged(folder, known[key][0], item, f"{path}.{key}")
    return faults


def judged(folder, annotation, value, path):
    """What is wrong with a value for an annotation, for example `pulumi.Input[Optional[_builtins.str]]`."""
    if isinstance(annotation, ast.Constant):
        return judged_name(folder, annotation.value, value, path)
    if isinstance(annotation, ast.Attribute):
        return judged_scalar(annotation.attr, value, path)
    kind = getattr(annotation.value, "attr", None) or annotation.value.id
    inner = annotation.slice
    if kind in ("Input", "Optional"):
        return judged(folder, inner, value, path)
    if kind == "Union":
        return judged_union(folder, inner.elts, value, path)
    if kind == "Sequence":
        if not isinstance(value, list):
            return [f"{path}: is no list"]
        return [fault for at, item in enumerate(value) for fault in judged(folder, inner, item, f"{path}[{at}]")]
    if kind == "Mapping":
        if not isinstance(value, dict):
            return [f"{path}: is no mapping"]
        return [fault for key, item in value.items() for fault in judged(folder, inner.elts[1], item, f"{path}.{key}")]
    raise ValueError(f"{path}: an annotation of a kind that the judge does not know, {ast.unparse(annotation)}")


def judged_union(folder, members, value, path):
    # A text or one of an enumeration: the provider takes any text, but a value that it does not list is a mistake here.
    listed = [one for one in members if isinstance(one, ast.Constant) and one.value in enumerations(folder)]
    if listed:
        return judged(folder, listed[0], value, path)
    verdicts = [judged(folder, one, value, path) for one in members]
    return [] if [] in verdicts else verdicts[0]


def enumerations(folder):
    return classes(folder / "_enums.py") if (folder / "_enums.py").exists() else {}


def judged_name(folder, name, value, path):
    enums = enumerations(folder)
    if name in enums:
        members = [node.value.value for node in enums[name].body if isinstance(node, ast.Assign)]
        return [] if value in members else [f"{path}: {json.dumps(value)} is none of {name}"]
    return judged_class(folder, classes(folder / "_inputs.py")[name], value, path)


def judged_scalar(kind, value, path):
    if kind in ("Asset", "Archive"):
        found = isinstance(value, dict) and value.get("asset") is True
        return [] if found else [f"{path}: is no {kind}"]
    # In Python a truth value is a number; for the provider it is none.
    fits = isinstance(value, SCALARS[kind]) and (kind == "bool" or not isinstance(value, bool))
    return [] if fits else [f"{path}: {json.dumps(value)} is no {kind}"]


def judged_resource(resource):
    found = arguments_class(resource["type"])
    if found is None:
        return [f"{resource['name']}: the provider has no type {resource['type']}"]
    return judged_class(*found, resource["inputs"], resource["name"])


sets = json.load(sys.stdin)
print(json.dumps([[fault for resource in one for fault in judged_resource(resource)] for one in sets]))
