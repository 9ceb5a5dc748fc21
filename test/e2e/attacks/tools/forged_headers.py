"""Phones that put somebody else's name into every header that says who calls, who sent the call on, and why it ended.

Input: {"host", "boss", "outside", "phones": [{"door", "user", "password", "extension"}, …two]}. Prints
{"received": {STEP: [TEXT, …]}, "answers": {STEP: STATUS}}: what each phone was sent in each step, as it arrived.
"""

import json
import sys

from agent import Agent, pump

NAMES = [
    *("Diversion", "History-Info", "Call-Info", "Alert-Info", "Referred-By", "Remote-Party-ID", "Subject", "Organization"),
    *("P-Asserted-Identity", "P-Preferred-Identity", "P-Called-Party-ID", "P-Charging-Vector", "Reply-To", "Identity"),
    *("User-to-User", "Privacy", "X-Caller", "User-Agent", "Server", "Geolocation", "Priority", "In-Reply-To"),
]


def disguise(boss):
    value = f'"{boss}" <sip:{boss}@chairman.example>'
    special = {
        "Diversion": f"{value};reason=unconditional;counter=1",
        "History-Info": f"{value};index=1",
        "Remote-Party-ID": f"{value};party=calling;screen=yes;privacy=off",
        "Call-Info": f"<http://{boss}.example/boss.png>;purpose=icon",
        "Alert-Info": f"<http://{boss}.example/ring.wav>",
        "User-to-User": f"{boss};encoding=hex",
        "Privacy": f"id;{boss}",
    }
    return {name: special.get(name, value) for name in NAMES}


def reason(boss):
    return {"Reason": f'Q.850;cause=21;text="{boss}", SIP;cause=200;text="{boss}"'}


def run(job):
    boss, host = job["boss"], job["host"]
    agents = [Agent(one["door"], one["user"], one["password"], one["extension"]) for one in job["phones"]]
    caller, called = agents
    forged, answers, received = disguise(boss), {}, {}
    for agent in agents:
        answers[f"REGISTER {agent.user}"] = agent.register(agents)

    def step(name, work):
        for agent in agents:
            agent.received.clear()
        answers[name] = work()
        pump(agents, seconds=0.5)
        received[name] = [message.text for agent in agents for message in agent.received]

    def call(number):
        return caller.call(agents, number, {**forged, **reason(boss)}, f'"{boss}" ')

    def inside(method, body=""):
        return caller.within(agents, caller.dialogs[-1], method, {**forged, **reason(boss)}, body)

    step("INVITE", lambda: call(called.extension)[0])
    step("UPDATE", lambda: inside("UPDATE"))
    step("re-INVITE", lambda: inside("INVITE", caller.sdp))
    step("BYE", lambda: inside("BYE"))
    called.answering = "ring"
    step("CANCEL", lambda: caller.call(agents, called.extension, {**forged, **reason(boss)}, seconds=1)[0])
    extra = [f"{name}: {value}" for name, value in {**forged, **reason(boss)}.items()]
    back = f"<sip:{caller.extension}@{host}>"
    called.answering = ("302 Moved Temporarily", [f"Contact: {back}", *extra])
    step("302", lambda: call(called.extension)[0])
    called.answering = "pick up"
    step("REFER", lambda: refer(agents, {"Refer-To": back, **forged}))
    caller.hang_up(agents)
    called.hang_up(agents)
    step("outside", lambda: call(job["outside"])[0])
    step("outside BYE", lambda: inside("BYE") if caller.dialogs else None)
    for agent in agents:
        agent.register(agents, 0)
    return {"answers": answers, "received": received}


def refer(agents, headers):
    """The called phone sends the caller to the caller's own number: who sent it on is said there."""
    caller, called = agents
    status, _ = caller.call(agents, called.extension)
    if status == 200:
        pump(agents, seconds=0.5)
        status = called.within(agents, called.dialogs[-1], "REFER", headers)
        pump(agents, seconds=1.5)
    return status


if __name__ == "__main__":
    print(json.dumps(run(json.loads(sys.stdin.readline()))))
