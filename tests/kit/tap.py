"""tap: a test program in Python, one function a test, that speaks TAP.

    import tap

    @tap.test("the receipt can be read")
    def _():
        assert ...

    tap.main()

A test passes unless it raises; tap.Skip("why") skips it.
"""
import sys
import traceback

_tests = []


class Skip(Exception):
    pass


def test(name):
    def register(function):
        _tests.append((name, function))
        return function
    return register


def main():
    failed = 0
    if len(sys.argv) > 1:  # by hand: only the tests whose name holds this text
        _tests[:] = [(name, function) for name, function in _tests if sys.argv[1] in name]
    print(f"1..{len(_tests)}", flush=True)
    for number, (name, function) in enumerate(_tests, 1):
        try:
            function()
            print(f"ok {number} - {name}", flush=True)
        except Skip as why:
            print(f"ok {number} - {name} # SKIP {why}", flush=True)
        except BaseException as error:
            failed += 1
            print(f"not ok {number} - {name}", flush=True)
            for line in traceback.format_exc().splitlines():
                print("# " + line, flush=True)
            if isinstance(error, KeyboardInterrupt):
                break
    sys.exit(1 if failed else 0)
