"""Machines in the states that transactions start from, and the pieces of work that are cut."""

from __future__ import annotations

from typing import Any, Callable

from simulated_host import SimulatedMachine
from small import activate, bundle

from hardened_asterisk_host.generations import Generations
from hardened_asterisk_host.transaction import confirm_transaction, recover, undo_transaction

# Has a file and a service that the second generation lacks.
ONE = bundle(1, ("gone.conf",), units=("gone.service",))

Prepare = Callable[[], SimulatedMachine]
Work = Callable[[SimulatedMachine], Any]


def bare() -> SimulatedMachine:
    """A machine without asterisk."""
    return SimulatedMachine()


def confirmed() -> SimulatedMachine:
    """A machine where generation one is confirmed."""
    machine = bare()
    activate(machine, "one", ONE)
    confirm(machine)
    return machine


def armed() -> SimulatedMachine:
    """A machine where generation one is confirmed and two is armed."""
    machine = confirmed()
    activate(machine, "two", bundle(2, ("new.conf",)))
    return machine


def confirm(machine: SimulatedMachine) -> None:
    """Confirm what is armed, in a fresh process."""
    host = machine.host()
    confirm_transaction(host, Generations(host.disk))


def run_recovery(machine: SimulatedMachine) -> None:
    """What the recovery unit does."""
    host = machine.host()
    recover(host, Generations(host.disk))


def undo(machine: SimulatedMachine) -> None:
    """What the rollback timer does once it has fired."""
    machine.commands.timer = False
    host = machine.host()
    undo_transaction(host, Generations(host.disk), "test")


def update(machine: SimulatedMachine) -> None:
    """Activate generation two."""
    activate(machine, "two", bundle(2, ("new.conf",)))


def first(machine: SimulatedMachine) -> None:
    """Activate generation one, packages included."""
    activate(machine, "one", ONE)


def after_reboot(machine: SimulatedMachine) -> dict[str, Any]:
    """The picture once the machine was restarted without any cut."""
    machine.power_cut()
    run_recovery(machine)
    machine.boot()
    return machine.picture()
