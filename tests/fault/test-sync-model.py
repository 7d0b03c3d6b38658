#!/usr/bin/python3
"""A model of the sync protocol (sync/PROTOCOL.md, section 4), every state of it visited.

One device, one server; answers get lost, the server crashes, is backed up and restored, the device sends, asks, deletes. It must hold
in every state that each entry is at the server or still on the device, that none had its effect twice, and that from every state a
quiet line drains everything. Each mutant below leaves out one rule of the protocol and must be caught.
"""
import collections

import tap

ENTRIES = 3
RESTORES = 2
CRASHES = 1

State = collections.namedtuple("State", "created deleted received safe epoch "      # the device, all on its disk
                               "held memory backup server_epoch applied restores crashes")
FIRST = State(0, 0, 0, 0, 0, 0, 0, 0, 0, (0,) * ENTRIES, 0, 0)
RULES = {"delete-only-safe", "answer-after-commit", "new-epoch-at-restore", "begin-again-at-safe", "in-order", "repeats-have-no-effect",
         "safe-is-in-a-backup"}


class Broken(Exception):
    pass


def commit(state, rules):
    """What the server has in memory gets to its disk, and has its effect."""
    applied = list(state.applied)
    for entry in range(state.held, state.memory):
        applied[entry] += 1
    return state._replace(held=state.memory, applied=tuple(applied))


def take(state, seq, rules):
    """The server gets entry `seq`."""
    if seq <= state.memory and "repeats-have-no-effect" not in rules:
        applied = list(state.applied)
        applied[seq - 1] += 1
        return state._replace(applied=tuple(applied))
    if seq == state.memory + 1 or seq > state.memory and "in-order" not in rules:
        # Without the order the server believes that it has all before the newest.
        state = state._replace(memory=seq)
        if "in-order" not in rules:
            applied = list(state.applied)
            applied[seq - 1] += 1
            return state._replace(held=seq, applied=tuple(applied))
    return commit(state, rules) if "answer-after-commit" in rules else state


def hear(state, rules):
    """The server's answer reaches the device's disk."""
    received = state.memory
    safe = state.backup if "safe-is-in-a-backup" in rules else state.held
    if state.server_epoch != state.epoch:
        state = state._replace(epoch=state.server_epoch)
        if "begin-again-at-safe" in rules:
            return state._replace(received=min(state.safe, received), safe=min(state.safe, safe))
    return state._replace(received=max(state.received, received), safe=max(state.safe, safe))


def quiet_steps(state, rules):
    """What happens by itself on a good line."""
    if state.received < state.created:
        after = take(state, state.received + 1, rules)
        yield "send", after, hear(after, rules)
    yield "ask", state, hear(state, rules)


def steps(state, rules):
    if state.created < ENTRIES:
        yield "create", state._replace(created=state.created + 1)
    for name, lost, heard in quiet_steps(state, rules):
        yield name + ", answer lost", lost
        yield name, heard
    upto = state.safe if "delete-only-safe" in rules else state.received
    if upto > state.deleted:
        yield "delete", state._replace(deleted=upto)
    if state.held < state.memory:
        yield "commit", commit(state, rules)
    if state.backup != state.held:
        yield "backup", state._replace(backup=state.held)
    if state.crashes < CRASHES:
        yield "crash", state._replace(memory=state.held, crashes=state.crashes + 1)
    if state.restores < RESTORES:
        epoch = state.server_epoch + (1 if "new-epoch-at-restore" in rules else 0)
        applied = tuple(n if i < state.backup else 0 for i, n in enumerate(state.applied))
        yield "restore", state._replace(held=state.backup, memory=state.backup, server_epoch=epoch, applied=applied,
                                        restores=state.restores + 1)


def judge(state):
    for entry in range(1, state.created + 1):
        there = entry <= state.held and state.applied[entry - 1] > 0
        if not there and entry <= state.deleted:
            raise Broken(f"entry {entry} is nowhere any more")
        if state.applied[entry - 1] > 1:
            raise Broken(f"entry {entry} had its effect twice")


def drains(state, rules):
    for _ in range(4 * ENTRIES + 4):
        for _name, _lost, state in quiet_steps(state, rules):
            break
        state = commit(state, rules)
        state = hear(state, rules)
    if state.held != state.created or 0 in state.applied[:state.created] or state.received != state.created:
        raise Broken("a quiet line does not drain")


def explore(rules):
    """The number of states; Broken with the way that leads there."""
    seen, queue = {FIRST: (None, None)}, collections.deque([FIRST])
    while queue:
        state = queue.popleft()
        try:
            judge(state)
            drains(state, rules)
        except Broken as why:
            way = []
            while seen[state][0] is not None:
                state, name = seen[state]
                way.append(name)
            raise Broken(f"{why}: {' > '.join(reversed(way))}") from None
        for name, after in steps(state, rules):
            if after not in seen:
                seen[after] = (state, name)
                queue.append(after)
    return len(seen)


@tap.test("no state of the protocol loses, doubles or strands an entry")
def _():
    states = explore(RULES)
    print(f"# {states} states")
    assert states > 500, states


def must_fail(rule):
    @tap.test("without the rule " + rule + " it does")
    def _():
        try:
            explore(RULES - {rule})
        except Broken as why:
            print("#", why)
            return
        raise AssertionError("this rule could be left out: the model does not see what it is for")


for left_out in sorted(RULES):
    must_fail(left_out)

tap.main()
