#!/usr/bin/python3
"""The rules engine beside json-logic-js and json-rules-engine from npm: the same 20 rules over the same 1,000 people, the
same verdicts, in people per second of processor time. Ours explains every verdict; they do not. And the shipped guide: how
many questions the planner saves, how long a check takes.

Nothing fails for being slow. On a machine that does other work the figures are printed and called no result."""
import json
import os
import random
import subprocess
import tempfile

import npm_peers
import tap

QUIET = 1.5            # 1-minute load above which a figure is no result
ROUNDS = 7
BUILD = os.environ["ONESTOP_BUILD"]
CONDITIONS = [("income", "<", 500000), ("household", ">=", 2), ("citizen", "===", True), ("age", ">=", 21), ("age", "<", 80),
              ("assets", "<", 250000), ("months_resident", ">=", 12), ("district", "in", ["姑苏区", "虎丘区"]),
              ("housing", "!==", "自有住房"), ("prior", "===", False), ("doc_id", "===", True), ("doc_income", "===", True),
              ("doc_lease", "===", True), ("fraud", "===", False), ("applied_days", ">", 30), ("children", ">=", 1),
              ("rent", ">", 50000), ("disabled", "===", True), ("veteran", "===", True), ("employed", "===", True)]
WORDS = {"<": "lessThan", ">=": "greaterThanInclusive", "===": "equal", "!==": "notEqual", "in": "in", ">": "greaterThan"}
# Each rule: its own condition, and one of two others.
RULES = [(CONDITIONS[i], CONDITIONS[(i + 3) % 20], CONDITIONS[(i + 7) % 20]) for i in range(20)]
PEERS = """
import jsonLogic from 'json-logic-js'
import { Engine } from 'json-rules-engine'
import { readFileSync } from 'fs'
const { logic, engine, people } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const rounds = Number(process.argv[3])
const middle = list => list.sort((a, b) => a - b)[list.length >> 1]
async function measure (repeat, one) {
  const rates = []
  for (let k = 0; k < rounds; k++) {
    const started = process.cpuUsage()
    for (let i = 0; i < repeat; i++) await one(people[i % people.length])
    const spent = process.cpuUsage(started)
    rates.push(repeat * 1e6 / (spent.user + spent.system))
  }
  return middle(rates)
}
function byLogic (person) {
  let met = ''
  for (const rule of logic) met += jsonLogic.apply(rule, person) ? '1' : '0'
  return met
}
async function byEngine (person) {
  const { events } = await rules.run(person)
  const met = Array(engine.length).fill('0')
  for (const { type } of events) met[Number(type)] = '1'
  return met.join('')
}
const rules = new Engine([], { allowUndefinedFacts: true })
engine.forEach((conditions, i) => rules.addRule({ conditions, event: { type: String(i) } }))
const said = { logic: { rate: await measure(20000, byLogic), met: people.map(byLogic) },
  engine: { rate: await measure(600, byEngine), met: [] } }
for (const person of people) said.engine.met.push(await byEngine(person))
console.log(JSON.stringify(said))
"""


def load():
    return os.getloadavg()[0]


BEFORE = load()


def say(text):
    print("# " + text, flush=True)


def make_people():
    dice = random.Random(2018)
    def truth():
        return dice.random() < .5
    return [{"age": dice.randrange(18, 88), "citizen": truth(), "income": dice.randrange(900000), "household": dice.randrange(1, 6),
             "district": dice.choice(["姑苏区", "虎丘区", "吴中区", "相城区"]), "housing": dice.choice(["自有住房", "租赁", "其他"]),
             "assets": dice.randrange(500000), "months_resident": dice.randrange(240), "prior": truth(), "disabled": truth(),
             "veteran": truth(), "employed": truth(), "children": dice.randrange(4), "rent": dice.randrange(500000),
             "doc_id": True, "doc_income": truth(), "doc_lease": truth(), "fraud": False, "applied_days": dice.randrange(400)}
            for _ in range(1000)]


def logic(condition):
    fact, word, value = condition
    return {word: [{"var": fact}, value]}


def as_criterion(number, rule):
    def leaf(place, condition):
        return {"id": f"r{number}-{place}", "text": condition[0], "logic": logic(condition)}
    return {"id": f"r{number}", "all": [leaf(0, rule[0]), {"id": f"r{number}-any", "any": [leaf(1, rule[1]), leaf(2, rule[2])]}]}


def for_engine(rule):
    def one(condition):
        return {"fact": condition[0], "operator": WORDS[condition[1]], "value": condition[2]}
    return {"all": [one(rule[0]), {"any": [one(rule[1]), one(rule[2])]}]}


def run(folder, name, value, command):
    path = f"{folder}/{name}.json"
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False)
    return json.loads(command(path))


@tap.test("20 rules over 1,000 people, beside json-logic-js and json-rules-engine")
def _():
    peers = npm_peers.place(**{"json-logic-js": "2.0.5", "json-rules-engine": "7.3.1"})
    say(f"machine before: 1-minute load {BEFORE:.2f}, {os.cpu_count()} cores; medians of {ROUNDS} rounds")
    people = make_people()
    with tempfile.TemporaryDirectory() as folder:
        ours = run(folder, "ours", {"rules": [as_criterion(i, r) for i, r in enumerate(RULES)], "people": people},
                   lambda path: subprocess.check_output([BUILD + "/tests/bench/bench-rules", path, "20"], text=True))
        theirs = run(folder, "theirs", {"logic": [{"and": [logic(a), {"or": [logic(b), logic(c)]}]} for a, b, c in RULES],
                                        "engine": [for_engine(r) for r in RULES], "people": people},
                     lambda path: npm_peers.node(peers, PEERS, path, str(ROUNDS)))
    assert ours["met"] == theirs["logic"]["met"] == theirs["engine"]["met"], "the verdicts differ"
    assert len(set(ours["met"])) > 100, "the people are all alike"
    first, second = theirs["logic"]["rate"], theirs["engine"]["rate"]
    say(f"people per second of processor, 20 verdicts each: json-logic-js {first:,.0f}, json-rules-engine {second:,.0f},"
        f" neither explains; ours {ours['rate']:,.0f}, with {ours['lines']:.0f} lines of explanation each"
        f" ({ours['whole_rate']:,.0f} with the reading of their facts from JSON objects)")
    say(f"ours is {ours['rate'] / first:.1f} times the first (aim: 40) and {ours['rate'] / second:.0f} times the second"
        f" (aim: 500); load after {load():.2f}")
    if BEFORE > QUIET:
        raise tap.Skip(f"no result: the 1-minute load was {BEFORE:.2f} before, above {QUIET}")


@tap.test("the shipped guide: questions saved, and the time of one person's check")
def _():
    said = json.loads(subprocess.check_output([BUILD + "/tests/bench/bench-guide", "10000", "2018"], text=True))
    for name, what in (("all", "all services at once"), ("one", "a service on its own")):
        asked = said[name]
        say(f"{what}, mean of 10,000 random people: {asked['planned']:.2f} questions on {asked['pages']:.2f} pages, or"
            f" {asked['singly']:.2f} one a page; in the guide's order {asked['in_order']:.2f}"
            f" ({asked['planned'] / asked['in_order']:.2f} and {asked['singly'] / asked['in_order']:.2f} of it; aim: 0.5)")
    say(f"{said['goals']} goals over {said['facts']} facts evaluated and explained: {said['explain_us']:.1f} microseconds a person;"
        f" with words, record and what to ask next {said['result_us']:.0f}; load after {load():.2f}")
    assert said["all"]["planned"] < said["all"]["in_order"]
    if BEFORE > QUIET:
        raise tap.Skip(f"no result for the times: the 1-minute load was {BEFORE:.2f} before, above {QUIET}")


tap.main()
