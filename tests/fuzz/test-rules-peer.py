#!/usr/bin/python3
"""The rules engine beside json-logic-engine, which other people wrote: random rules over the admitted operators, random
data. Both come to the same value, or the difference is one that logic.h names; where the two part, json-logic-js, the
reference, is asked as well.

ONESTOP_FUZZ_RUNS and ONESTOP_FUZZ_SEED as for the other fuzzers."""
import collections
import json
import os
import random
import subprocess
import tempfile

import npm_peers
import tap

RUNS = int(os.environ.get("ONESTOP_FUZZ_RUNS", 6000))
SEED = int(os.environ.get("ONESTOP_FUZZ_SEED", 20180319))
TEXTS = ["", "a", "ab", "b", "苏州", "苏州人才", "1", "2.5", "-3"]
PEER = """
import { LogicEngine } from 'json-logic-engine'
import reference from 'json-logic-js'
import { readFileSync } from 'fs'
const engine = new LogicEngine()
function say (evaluate) {
  try {
    const value = evaluate()
    return typeof value === 'number' && !Number.isFinite(value) ? { refused: 'no number' } : { value: value ?? null }
  } catch (e) {
    return { refused: String(e?.type ?? e) }
  }
}
for (const line of readFileSync(process.argv[2], 'utf8').split('\\n').slice(0, -1)) {
  const [rule, data] = JSON.parse(line)
  console.log(JSON.stringify([say(() => engine.run(rule, data)), say(() => reference.apply(rule, data))]))
}
"""


class Scope:
    """What variables there are, by the type of what they hold."""
    TOP = {"number": ["n0", "n1", "o.x", "l0.1", "l0.0"], "text": ["s0", "s1", "o.y.z"], "truth": ["b0", "b1"],
           "numbers": ["l0", "l1", "o.l"], "texts": ["ls"], "rows": ["rows"], "nothing": ["z0", "o.w", "l0.9", "nul"]}
    NUMBER = {"number": [""]}
    TEXT = {"text": [""]}
    ROW = {"number": ["n"], "text": ["s"], "nothing": ["z"]}
    REDUCE = {"number": ["current", "accumulator"]}


class Maker:
    def __init__(self, dice):
        self.dice = dice
        self.wild = 0      # how often an argument is of any type at all

    def number(self):
        return self.dice.choice([0, 1, 2, 3, -1, 7, 0.5, 2.25, 100, 45])

    def data(self):
        d = self.dice
        return {"n0": self.number(), "n1": self.number(), "s0": d.choice(TEXTS), "s1": d.choice(TEXTS), "b0": d.random() < .5,
                "b1": d.random() < .5, "l0": [self.number() for _ in range(d.randrange(2, 5))],
                "l1": [self.number() for _ in range(d.randrange(4))], "ls": [d.choice(TEXTS) for _ in range(d.randrange(4))],
                "o": {"x": self.number(), "y": {"z": d.choice(TEXTS)}, "l": [self.number() for _ in range(3)]}, "nul": None,
                "rows": [{"n": self.number(), "s": d.choice(TEXTS)} for _ in range(d.randrange(4))]}

    def case(self):
        """Deep rules whose types go together, and small ones of which anything is asked."""
        small = self.dice.random() < .25
        self.wild = .3 if small else 0
        kind = self.dice.choice(["truth", "truth", "number", "text", "numbers", "texts"])
        return self.make(kind, 1 if small else 4, Scope.TOP), self.data()

    def literal(self, kind):
        d = self.dice
        return {"number": self.number, "text": lambda: d.choice(TEXTS), "truth": lambda: d.random() < .5,
                "numbers": lambda: [self.number() for _ in range(d.randrange(4))],
                "texts": lambda: [d.choice(TEXTS) for _ in range(d.randrange(4))],
                "rows": lambda: [], "nothing": lambda: None}[kind]()

    def make(self, kind, depth, scope):
        d = self.dice
        if d.random() < self.wild:
            kind = d.choice(["number", "text", "truth", "numbers", "texts", "rows", "nothing"])
        if depth > 0 and d.random() < .8:
            made = getattr(self, "make_" + kind, lambda *_: None)(depth - 1, scope)
            if made is not None:
                return made
        if kind in scope and d.random() < .7:
            name = d.choice(scope[kind])
            if d.random() < .1:
                return {"var": [name, self.literal(kind)]}
            return {"var": d.choice([name, [name]])}
        return self.literal(kind)

    def several(self, kind, depth, scope, least=1, most=3):
        return [self.make(kind, depth, scope) for _ in range(self.dice.randint(least, most))]

    def choose(self, kind, depth, scope):
        """if, ?:, and, or as a value."""
        d = self.dice
        if d.random() < .5:
            return {d.choice(["and", "or"]): self.several(kind, depth, scope)}
        args = [self.make("truth", depth, scope), self.make(kind, depth, scope)]
        word = d.choice(["if", "if", "?:"])     # a second condition of ?: is not looked at there
        if word == "if" and d.random() < .5:
            args += [self.make("truth", depth, scope), self.make(kind, depth, scope)]
        return {word: args + [self.make(kind, depth, scope)]}

    def walk(self, depth, scope):
        """A list with the scope of its items."""
        kind, inner = self.dice.choice([("numbers", Scope.NUMBER), ("texts", Scope.TEXT), ("rows", Scope.ROW)])
        return self.make(kind, depth, scope), inner

    def make_truth(self, depth, scope):
        d = self.dice
        kind = d.choice(["number", "number", "text", "truth"])
        pick = d.randrange(11)
        if pick < 2:
            return {d.choice(["<", "<=", ">", ">="]): self.several("number", depth, scope, 2, 3)}
        if pick == 2:
            return {d.choice(["<", "<=", ">", ">="]): self.several("text", depth, scope, 2, 2)}
        if pick == 3:
            return {d.choice(["==", "!="]): self.several(kind, depth, scope, 2, 2)}
        if pick == 4:
            return {d.choice(["===", "!=="]): [self.make(kind, depth, scope),
                                               self.make(d.choice([kind, "nothing", "text"]), depth, scope)]}
        if pick == 5:
            one = self.make(d.choice(["truth", kind, "numbers" if self.wild else kind]), depth, scope)
            return {d.choice(["!", "!!"]): [one]}
        if pick == 6:
            return {"in": d.choice([self.several("text", depth, scope, 2, 2),
                                    [self.make("number", depth, scope), self.make("numbers", depth, scope)],
                                    [self.make("text", depth, scope), self.make("texts", depth, scope)]])}
        if pick == 7:
            items, inner = self.walk(depth, scope)
            return {d.choice(["all", "some", "none"]): [items, self.make("truth", depth, inner)]}
        return self.choose("truth", depth, scope)

    def make_number(self, depth, scope):
        d = self.dice
        pick = d.randrange(8)
        if pick < 2:
            return {d.choice(["+", "*", "-", "min", "max"]): self.several("number", depth, scope, 1, 3)}
        if pick == 2:
            return {d.choice(["-", "/", "%"]): self.several("number", depth, scope, 2, 3)}
        if pick == 3 and self.wild:
            return {"+": [self.make("text", depth, scope)]}
        if pick == 4:
            return {"reduce": [self.make("numbers", depth, scope), self.make("number", depth, Scope.REDUCE), self.number()]}
        if pick == 5 and self.wild:
            return {d.choice(["max", "min", "+", "*"]): {"var": d.choice(scope.get("numbers", [""]))}}
        return self.choose("number", depth, scope)

    def make_text(self, depth, scope):
        d = self.dice
        pick = d.randrange(4)
        if pick == 0:
            return {"cat": [self.make(d.choice(["text", "text", "number", "truth"]), depth, scope)
                            for _ in range(d.randint(1, 3))]}
        if pick == 1:
            return {"substr": [self.make("text", depth, scope), d.randint(-3, 3), *([d.randint(-2, 3)] * d.randrange(2))]}
        return self.choose("text", depth, scope)

    def make_numbers(self, depth, scope):
        d = self.dice
        pick = d.randrange(4)
        items, inner = self.walk(depth, scope)
        if pick == 0:
            return {"map": [items, self.make("number", depth, inner)]}
        if pick == 1:
            return {"merge": [self.make(d.choice(["numbers", "number"]), depth, scope) for _ in range(d.randint(1, 3))]}
        if pick == 2:
            return {"filter": [self.make("numbers", depth, scope), self.make("truth", depth, Scope.NUMBER)]}
        return self.choose("numbers", depth, scope)

    def make_texts(self, depth, scope):
        names = [self.dice.choice(["n0", "z0", "o.x", "o.w", "rows"]) for _ in range(self.dice.randint(1, 3))]
        if scope is not Scope.TOP:
            return None
        return self.dice.choice([{"missing": names}, {"missing_some": [self.dice.randint(1, 3), names]},
                                 {"map": [{"var": "ls"}, self.make("text", depth, Scope.TEXT)]},
                                 {"filter": [{"var": "ls"}, self.make("truth", depth, Scope.TEXT)]}])

    def make_rows(self, depth, scope):
        if scope is Scope.TOP:
            return {"filter": [{"var": "rows"}, self.make("truth", depth, Scope.ROW)]}
        return None


def same(a, b):
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return abs(a - b) <= 1e-9 * max(1, abs(a))
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def compare():
    folder = npm_peers.place(**{"json-logic-engine": "5.0.7", "json-logic-js": "2.0.5"})
    print(f"# seed {SEED}, {RUNS} rules", flush=True)
    maker = Maker(random.Random(SEED))
    cases = [maker.case() for _ in range(RUNS)]
    with tempfile.NamedTemporaryFile("w+", suffix=".ndjson") as file:
        file.writelines(json.dumps(case, ensure_ascii=False) + "\n" for case in cases)
        file.flush()
        theirs = npm_peers.node(folder, PEER, file.name).splitlines()
        file.seek(0)
        ours = subprocess.run([os.environ["ONESTOP_BUILD"] + "/tests/kit/run-rules"], stdin=file, stdout=subprocess.PIPE,
                              text=True, check=True, timeout=120).stdout.splitlines()
    assert len(ours) == len(theirs) == RUNS, (len(ours), len(theirs))
    return [(rule, data, json.loads(a), *json.loads(b)) for (rule, data), a, b in zip(cases, ours, theirs)]


def agree(a, b):
    return "value" in a and "value" in b and same(a["value"], b["value"])


def compares_lists(rule, data):
    """=== and the like over two lists of the data."""
    args = next(iter(rule.values())) if isinstance(rule, dict) else []
    names = [str(next(iter(a["var"]), "")) if isinstance(a["var"], list) else str(a["var"]) for a in args
             if isinstance(a, dict) and "var" in a] if isinstance(args, list) else []
    return len(names) == 2 and all(isinstance(data.get(name.split(".")[0]), (list, dict)) for name in names)


def judge(rule, data, ours, engine, reference):
    if agree(ours, engine):
        return "the same value"
    if "refused" in ours and "refused" in engine:
        return "both refuse"
    if agree(ours, reference):
        return "another value or none, but ours is the reference's"
    if ours.get("refused") == "rule failed: a result is no number":
        return "NaN or infinity: we end there, it goes on"
    if compares_lists(rule, data):
        return "two readings of a list are two lists"
    if "refused" in engine:
        return "it refuses to convert what we convert"
    return "WRONG"


@tap.test("random rules come to the same value as in json-logic-engine")
def _():
    count, wrong = collections.Counter(), []
    for rule, data, ours, engine, reference in compare():
        found = judge(rule, data, ours, engine, reference)
        count[found] += 1
        if found == "WRONG":
            wrong.append(json.dumps([rule, data, ours, engine, reference], ensure_ascii=False))
    for what, n in count.most_common():
        print(f"# {n} {what}", flush=True)
    assert not wrong, "\n".join(wrong[:3])
    assert count["the same value"] > .9 * RUNS and count["it refuses to convert what we convert"] < .005 * RUNS


tap.main()
