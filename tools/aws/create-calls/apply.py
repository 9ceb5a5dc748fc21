"""Has moto make stacks beside each other in one account, by the calls that Terraform's provider makes; see apply.ts.

Standard input: runs, each a list of stacks, each a list of resources. Standard output: one report in JSON a run and line.
"""

import hashlib
import json
import os
import re
import sys

os.environ |= {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "AWS_DEFAULT_REGION": "eu-central-1"}

import boto3  # noqa: E402
import evidence  # noqa: E402
import machine  # noqa: E402
import model  # noqa: E402
import network  # noqa: E402
import storage  # noqa: E402
from inputs import Inputs, pruned  # noqa: E402
from moto import mock_aws  # noqa: E402

CALLS = network.CALLS | machine.CALLS | storage.CALLS | evidence.CALLS
REFERENCE = re.compile(r"\$\{(\w+\.[\w-]+)\.(\w+)\}")

# What the provider puts behind a prefix, and behind the name of a resource that has none: 26 and 8 characters.
RANDOM_END, RANDOM_NAME = "20261130000000000000000001", "-1a2b3c4"

# An image of Debian's that the search for images found.
IMAGE = "ami-00000000000000001"


class Account:
    """An account in which stacks are made."""

    def __init__(self):
        self.clients = {}
        self.image = self.client("ec2").register_image(Name="debian-13", RootDeviceName="/dev/xvda")["ImageId"]
        self.identities = {}
        self.report = {"faults": [], "failed": [], "unmapped": set(), "clashes": [], "calls": [], "unread": set()}

    def client(self, service):
        if service not in self.clients:
            self.clients[service] = boto3.client(service, region_name="eu-central-1")
        return self.clients[service]

    def make(self, stack):
        known = {}
        for resource in stack:
            known[resource["address"]] = self.make_resource(resource, known)

    def make_resource(self, resource, known):
        if resource["type"] not in CALLS:
            raise ValueError(f"no calls are written down for {resource['type']}: add them to tools/aws/create-calls/")
        inputs = Inputs(named(resource, resolved(resource["inputs"], known, self.image)))
        steps, answer = CALLS[resource["type"]](inputs), None
        try:
            while True:
                call, given = steps.send(answer)
                answer = self.ask(resource, call, pruned(given))
        except StopIteration as end:
            attributes = end.value
        self.report["unmapped"].update(f"{resource['type']} {path}" for path in inputs.unused())
        identity = (resource["type"], attributes["id"])
        if identity in self.identities:
            self.report["clashes"].append([resource["type"], attributes["id"]])
        self.identities[identity] = resource["address"]
        return attributes

    def ask(self, resource, call, given):
        """The answer to a call; one made up from the model where moto has none."""
        shapes, where = model.operation(call), f"{resource['name']}: {call}"
        if shapes.input_shape is not None:
            self.report["faults"] += model.faults(shapes.input_shape, given, where, self.report["unread"])
        service, _, action = call.partition(".")
        self.report["calls"].append([resource["type"], call, resource["address"]])
        try:
            return self.client(service)._make_api_call(action, given)
        except Exception as error:  # noqa: BLE001 - whatever moto raises is reported
            self.report["failed"].append([call, resource["name"], f"{type(error).__name__}: {error}"])
            return made_up(shapes.output_shape, hashlib.sha256(repr(given).encode()).hexdigest()[:12])


def made_up(shape, name):
    """An answer of the right form, another one for each request."""
    if shape is None:
        return {}
    if shape.type_name == "structure":
        return {key: made_up(member, name) for key, member in shape.members.items() if key != "Unsuccessful"}
    if shape.type_name == "list":
        return [made_up(shape.member, name)]
    return {} if shape.type_name == "map" else f"made-up-{name}"


def named(resource, inputs):
    """Inputs with the name that the provider makes up."""
    for name in ("name", "bucket"):
        prefix = inputs.pop(f"{name}Prefix", None)
        if prefix is not None:
            return {**inputs, name: prefix + RANDOM_END}
    if resource["type"].split("/")[-1].split(":")[0] in ("logMetricFilter", "logSubscriptionFilter"):
        return {"name": resource["name"] + RANDOM_NAME, **inputs}
    return inputs


def resolved(value, known, image):
    """A value in which each reference is what the resource it names turned out to be."""
    if isinstance(value, dict):
        return {key: resolved(item, known, image) for key, item in value.items() if key != "__defaults"}
    if isinstance(value, list):
        return [resolved(item, known, image) for item in value]
    if not isinstance(value, str):
        return value
    return REFERENCE.sub(lambda found: known[found[1]][found[2]], image if value == IMAGE else value)


for run in json.load(sys.stdin):
    with mock_aws():
        account = Account()
        for one in run:
            account.make(one)
    report = {key: sorted(value) if isinstance(value, set) else value for key, value in account.report.items()}
    print(json.dumps(report), flush=True)
