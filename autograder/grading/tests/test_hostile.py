"""Every kind of attack of a submission's code: it earns nothing, harms nothing, and costs its own question only."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from autograder.grading.settings import Settings
from autograder.grading.tests.make_course import answer, check, code
from autograder.grading.tests.play import Played, play

CELLS = [
    code("import numpy as np"),
    answer("double", "def double(x):\n    raise NotImplementedError()"),
    check("t_double", "assert np.allclose(double(np.arange(3.0)), [0, 2, 4])\nassert double(3) == 6", 2),
    answer("total", "def total(xs):\n    raise NotImplementedError()"),
    check("t_total", "secret_number = 4711\nassert total([1, secret_number]) == 4712", 2),
    check("t_again", "1.5 if total((4, 5)) == 9 else 0.25", 2),
]
HONEST = "def total(xs):\n    return sum(xs)"
SPARED = {"t_double": 0.0, "t_total": 2.0, "t_again": 1.5}


@pytest.fixture(autouse=True)
def harmless(quick: Settings, tmp_path: Path, unchanged: Callable[[Path], None]) -> Iterator[None]:
    """Nothing of an attack is left: no process, no file, no changed environment."""
    course = tmp_path / "course"
    (course / "source").mkdir(parents=True)
    (course / "gradebook.db").write_bytes(b"marks")
    unchanged(course)
    play(CELLS, quick)  # The worker is running now.
    before = set(psutil.pids())
    yield
    ends = time.monotonic() + 5
    while left := [p for p in set(psutil.pids()) - before if ours(p)]:
        assert time.monotonic() < ends, [psutil.Process(p).cmdline() for p in left if psutil.pid_exists(p)]
        time.sleep(0.05)


def ours(pid: int) -> bool:
    try:
        return any("workspace" in part for part in psutil.Process(pid).cmdline())
    except psutil.Error:
        return False


def attack(quick: Settings, source: str, honest: str = HONEST) -> Played:
    return play(CELLS, quick, {"double": source, "total": honest})


# Each gets no mark for what it attacks, and the rest of the notebook is marked as ever.
NO_MARK = {
    "replaces np.allclose": "np.allclose = lambda *a, **k: True\nimport numpy\nnumpy.allclose = np.allclose\ndef double(x):\n    return 0",
    "brings its own np": "class np:\n    allclose = lambda *a: True\ndef double(x):\n    return 0",
    "replaces built-ins": "import builtins\nbuiltins.isinstance = lambda *a: True\nbuiltins.AssertionError = ValueError\ndef double(x):\n    return 0",
    "an object equal to everything": "class Yes:\n    def __eq__(self, o): return True\n    def __ne__(self, o): return False\n    def __bool__(self): return True\n    def __array__(self, *a, **k): return np.zeros(3)\ndef double(x):\n    return Yes()",
    "an array equal to everything": "class Yes(np.ndarray):\n    def __eq__(self, o): return True\n    def __array_function__(self, *a): return True\n    def __array_ufunc__(self, *a, **k): return True\ndef double(x):\n    return np.zeros(3).view(Yes)",
    "a string equal to everything": "class Yes(str):\n    def __eq__(self, o): return True\n    __hash__ = str.__hash__\ndef double(x):\n    return Yes('x')",
    "a number equal to everything": "class Yes(float):\n    def __eq__(self, o): return True\n    __hash__ = float.__hash__\ndef double(x):\n    return Yes(0)",
    "a tuple with a lie": "class Yes(tuple):\n    _fields = ('a',)\n    def __eq__(self, o): return True\n    __hash__ = None\ndef double(x):\n    return Yes((0,))",
    "an empty array that broadcasts": "def double(x):\n    return np.zeros((0, 3))",
    "nan": "def double(x):\n    return x * float('nan')",
    "masked": "def double(x):\n    return np.ma.masked_all(3)",
    "an object array": "class Yes:\n    def __eq__(self, o): return True\n    def __sub__(self, o): return 0\n    __rsub__ = __sub__\n    def __abs__(self): return 0\n    def __le__(self, o): return True\ndef double(x):\n    return np.array([Yes()] * 3, dtype=object)",
    "not plain data": "def double(x):\n    return lambda: 1",
    "a module": "def double(x):\n    return np",
    "a cycle": "def double(x):\n    a = []\n    a.append(a)\n    return a",
    "nested without end": "def double(x):\n    a = []\n    for i in range(100000):\n        a = [a]\n    return a",
    "a billion laughs": "def double(x):\n    a = [0] * 10\n    for i in range(12):\n        a = [a] * 10\n    return a",
    "far too large": "def double(x):\n    return np.zeros((4000, 4000))",
    "an endless generator": "def double(x):\n    while True:\n        yield 0",
    "an endless repr": "class Long:\n    def __repr__(self): return 'x' * 50_000_000\ndef double(x):\n    print(repr(Long()))\n    return Long()",
    "an error without a message": "class Mute(Exception):\n    def __str__(self): raise ValueError\ndef double(x):\n    raise Mute()",
    "an error with a huge message": "def double(x):\n    raise ValueError('x' * 30_000_000)",
    "SystemExit": "def double(x):\n    raise SystemExit(0)",
    "KeyboardInterrupt": "def double(x):\n    raise KeyboardInterrupt",
    "GeneratorExit": "def double(x):\n    raise GeneratorExit",
    "StopIteration": "def double(x):\n    raise StopIteration",
    "deep recursion": "import sys\nsys.setrecursionlimit(1_000_000)\ndef double(x):\n    return double(x)",
    "prints 200 MB": "def double(x):\n    for _ in range(200):\n        print('x' * 1_000_000)\n    return 0",
    "200 MB in one line": "import sys\ndef double(x):\n    sys.stdout.write('x' * 200_000_000)\n    return 0",
    "200 MB of errors": "import sys\ndef double(x):\n    sys.stderr.write('x\\n' * 100_000_000)\n    return 0",
    "ten thousand pictures": "from IPython.display import display\ndef double(x):\n    for i in range(10_000):\n        display({'text/html': '<script>' * 1000}, raw=True)\n    return 0",
    "allocates without end": "def double(x):\n    kept = []\n    while True:\n        kept.append(bytearray(10_000_000))",
    "a huge array": "def double(x):\n    return np.ones(10 ** 11)",
    "opens files without end": "def double(x):\n    kept = []\n    while True:\n        kept.append(open('f', 'w'))",
    "writes a file without end": "def double(x):\n    with open('big', 'wb') as f:\n        while True:\n            f.write(b'x' * 1_000_000)",
    "writes files without end": "def double(x):\n    i = 0\n    while True:\n        i += 1\n        open(f'/tmp/f{i}', 'wb').write(b'x' * 1_000_000)",
    "fills shared memory": "def double(x):\n    i = 0\n    while True:\n        i += 1\n        open(f'/dev/shm/f{i}', 'wb').write(b'x' * 1_000_000)",
    "makes nameless files": "import ctypes, os\ndef double(x):\n    while True:\n        fd = os.memfd_create('m')\n        os.write(fd, b'x' * 5_000_000)",
    "loops for ever": "def double(x):\n    while True:\n        pass",
    "sleeps for ever": "import time\ndef double(x):\n    time.sleep(1000)",
    "forks": "import os, time\ndef double(x):\n    if os.fork() == 0:\n        time.sleep(100)\n    return 0",
    "leaves a daemon": "import os, time\ndef double(x):\n    if os.fork() == 0:\n        os.setsid()\n        if os.fork() == 0:\n            while True:\n                time.sleep(0.01)\n        os._exit(0)\n    return 0",
    "starts threads without end": "import threading, time\ndef double(x):\n    while True:\n        threading.Thread(target=time.sleep, args=(100,), daemon=True).start()",
    "kills its parent": "import os, signal\ndef double(x):\n    os.kill(os.getppid(), signal.SIGKILL)\n    return 0",
    "shuts stdout": "import sys, os\nsys.stdout.close()\nos.close(1)\ndef double(x):\n    return 0",
    "replaces stdout": "import sys\nclass Out:\n    def write(self, t): raise SystemExit\nsys.stdout = sys.stderr = Out()\ndef double(x):\n    return 0",
    "changes how cells run": "ip = get_ipython()\nip.run_cell = lambda *a, **k: None\nip.ast_transformers.append(None)\nip.input_transformers_post.append(lambda lines: [])\nip.events.register('pre_run_cell', lambda *a: 1 / 0)\ndef double(x):\n    return 0",
    "deletes its shell": "import sys\ndef double(x):\n    get_ipython().reset()\n    return 0",
    "traces": "import sys\ndef t(*a):\n    raise ValueError\ndef double(x):\n    sys.settrace(t)\n    return 0",
    "imports the reference": "try:\n    from reference_impl import double\nexcept ImportError:\n    pass",
    "raises a signal later": "import signal\nsignal.signal(signal.SIGALRM, lambda *a: 1 / 0)\nsignal.setitimer(signal.ITIMER_REAL, 0.05)\ndef double(x):\n    return 0",
    "an exit handler": "import atexit\natexit.register(lambda: print('x' * 10**8))\ndef double(x):\n    return 0",
    "claims the name of a test's variable": "secret_number = 0\ndef double(x):\n    return 0",
    "hides behind many names": "for i in range(50_000):\n    globals()[f'n{i}'] = i\ndef double(x):\n    return 0",
    "names that are no strings": "globals()[(1, 2)] = 3\nglobals()[None] = 4\ndef double(x):\n    return 0",
    "lone surrogates": "def double(x):\n    print('\\ud800')\n    return '\\ud800'",
}  # fmt: skip


@pytest.mark.parametrize("name", NO_MARK)
def test_it_earns_nothing_and_the_rest_is_marked(quick: Settings, name: str) -> None:
    played = attack(quick, NO_MARK[name])
    own_total = {
        "changes how cells run",
        "hides behind many names",
        "names that are no strings",
        "deletes its shell",
        "traces",
    }
    if name in own_total:
        assert played.marks["t_double"] == 0.0
    else:
        assert played.marks == SPARED, played.text("t_double")
    assert len(played.outcome["executed"]) < 3_000_000


# These end the learner's process: that cell is left out, the others run again.
ENDS = {
    "os._exit": "import os\ndef double(x):\n    os._exit(0)",
    "crashes the interpreter": "import ctypes\ndef double(x):\n    ctypes.string_at(0)",
    "kills itself": "import os\ndef double(x):\n    os.kill(os.getpid(), 9)",
    "kills everything": "import os\ndef double(x):\n    os.kill(-1, 9)\n    os.kill(os.getpid(), 9)",
    "loops and ignores signals": "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ndef double(x):\n    while True:\n        pass",
    "loops and catches everything": "def double(x):\n    while True:\n        try:\n            while True: pass\n        except BaseException:\n            pass",
    "uses memory in children": "import os, time\ndef double(x):\n    for _ in range(8):\n        if os.fork() == 0:\n            kept = bytearray(120_000_000)\n            for i in range(0, len(kept), 4096): kept[i] = 1\n            time.sleep(50)\n    time.sleep(50)",
    "writes rubbish into the line": "import os, socket\ndef double(x):\n    for fd in range(3, 64):\n        try:\n            os.write(fd, b'\\xff' * 64)\n        except OSError:\n            pass\n    return 0",
    "claims a huge message": "import os, struct\ndef double(x):\n    for fd in range(3, 64):\n        try:\n            os.write(fd, struct.pack('>Q', 1 << 60))\n        except OSError:\n            pass\n    return 0",
    "closes the line": "import os\ndef double(x):\n    os.closerange(3, 64)\n    return 0",
    "a flood of processes": "import os\ndef double(x):\n    while True:\n        try:\n            os.fork()\n        except OSError:\n            pass",
    "a recursion in C": "import json\ndef double(x):\n    import sys\n    sys.setrecursionlimit(10**9)\n    class A:\n        def __repr__(self): return repr(self)\n    return repr(A())",
}  # fmt: skip


@pytest.mark.parametrize("name", ENDS)
def test_it_costs_that_question_only(quick: Settings, name: str) -> None:
    played = attack(quick, ENDS[name])
    assert played.marks == SPARED, played.notebook
    assert played.record("t_double")["outcome"] in ("stopped", "timeout", "error")
    assert played.text("t_double")


def test_a_cell_that_ends_the_process_is_left_out(quick: Settings) -> None:
    played = attack(quick, "import os\nos._exit(1)")
    assert played.marks == SPARED
    assert "ended the Python process (exit status 1)" in played.text("double")
    assert played.result.restarts == 1


def test_a_cell_that_loops_is_interrupted_and_the_rest_runs(quick: Settings) -> None:
    played = attack(quick, "while True: pass")
    assert played.marks == SPARED
    assert "not finished after 3 seconds" in played.text("double")
    assert played.result.restarts == 0


def test_many_culprits_end_in_words_not_for_ever(quick: Settings) -> None:
    cells = [answer(f"a{i}", "import os\nos._exit(1)") for i in range(30)] + [check("t", "1.0", 1)]
    played = play(cells, quick)
    assert played.marks == {"t": 0.0}
    assert "had to be stopped" in played.text("t")


# Each prints what it found; none of it is there.
FINDS_NOTHING = {
    "the course on disk": "import os\nfor place, dirs, names in os.walk('/'):\n    deep = place.endswith('site-packages')\n    for n in names + dirs:\n        if n in ('gradebook.db', 'reference_impl', 'nbgrader_config.py', 'solutions', 'pyproject.toml'):\n            print('FOUND', place, n)\n    if deep and os.path.isdir(place + '/autograder') and os.listdir(place + '/autograder'):\n        print('FOUND', place)\n    dirs[:] = [d for d in dirs if not deep and d not in ('proc', 'sys', 'usr', 'python3.11')]",
    "the tests in memory": "import gc\nword = 'secret_' + 'number'\nfor o in gc.get_objects():\n    try:\n        if isinstance(o, (dict, list, tuple)) and any(type(x) is str and word in x and 'hidden' not in x and len(x) < 200 for x in (o.values() if isinstance(o, dict) else o)):\n            if 'word =' not in str(o)[:100000]:\n                print('FOUND', str(o)[:200])\n    except Exception:\n        pass",
    "history": "word = 'all' + 'close'\nfor o in (In, Out, globals().get('_ih'), get_ipython().history_manager.input_hist_raw):\n    if word in str(o):\n        print('FOUND', o)",
    "the environment": "import os\nfor k in os.environ:\n    if 'SUBMISSION' in k or 'TOKEN' in k or 'SECRET' in k:\n        print('FOUND', k)",
    "other processes": "import os\nme = os.getpid()\nfor p in os.listdir('/proc'):\n    if p.isdigit() and int(p) not in (1, me):\n        print('FOUND', p, open(f'/proc/{p}/cmdline').read())",
    "open files": "import os, stat\nfor fd in range(256):\n    try:\n        s = os.fstat(fd)\n    except OSError:\n        continue\n    if fd > 2 and not stat.S_ISSOCK(s.st_mode):\n        print('FOUND', fd, s)",
    "privileges": "import os\nfor line in open('/proc/self/status') if os.path.exists('/proc/self/status') else []:\n    if line.startswith('Cap') and int(line.split()[1], 16):\n        print('FOUND', line)\nif os.getuid() == 0:\n    print('FOUND root')",
    "somewhere to write": "import os\nfor place in ('/usr', '/', '/line', '/line/workspace', os.path.dirname(os.__file__), np.__path__[0]):\n    try:\n        open(place + '/x', 'w')\n        print('FOUND', place)\n    except OSError:\n        pass",
    "new namespaces": "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nif libc.unshare(0x10000000) == 0:\n    print('FOUND unshare')\nif libc.mount(b'tmpfs', b'/usr', b'tmpfs', 0, None) == 0:\n    print('FOUND mount')\nif libc.umount2(b'/proc', 2) == 0:\n    print('FOUND umount')",
    "tracing": "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\nif libc.ptrace(16, os.getppid(), 0, 0) == 0:\n    print('FOUND ptrace')",
    "the runner's modules": "import sys\nfor name in list(sys.modules):\n    if 'nbgrader' in name or name.startswith('autograder.grading'):\n        print('FOUND', name)",
}  # fmt: skip


@pytest.mark.parametrize("name", FINDS_NOTHING)
def test_there_is_nothing_to_find(quick: Settings, name: str) -> None:
    played = attack(quick, FINDS_NOTHING[name] + "\nprint('looked')")
    assert "looked" in played.text("double"), played.text("double")
    assert "FOUND" not in played.text("double"), played.text("double")
    assert played.marks == SPARED


def test_there_is_no_network(quick: Settings) -> None:
    server = socket.create_server(("127.0.0.1", 0))
    got: list[object] = []
    threading.Thread(target=lambda: got.append(server.accept()), daemon=True).start()
    port = server.getsockname()[1]
    name = f"\0grading-test-{os.getpid()}"
    unix = socket.socket(socket.AF_UNIX)
    unix.bind(name)
    unix.listen()
    source = (
        "import socket\n"
        f"for family, address in ((socket.AF_INET, ('127.0.0.1', {port})), (socket.AF_UNIX, {name!r}),"
        " (socket.AF_INET, ('1.1.1.1', 53))):\n"
        "    s = socket.socket(family)\n    s.settimeout(1)\n"
        "    try:\n        s.connect(address)\n        print('CONNECTED', address)\n"
        "    except OSError as e:\n        print('refused', type(e).__name__)\n"
    )
    text = attack(quick, source).text("double")
    server.close()
    unix.close()
    assert text.count("refused") == 3
    assert not got


def test_nothing_passes_from_one_submission_to_the_next(quick: Settings) -> None:
    leave = (
        "import os, ctypes\nfor place in ('/tmp', '/dev/shm', '.', os.environ['HOME']):\n"
        "    open(place + '/left', 'w').write('left')\n"
        "libc = ctypes.CDLL(None)\nprint('segment', libc.shmget(4711, 4096, 0o1666) >= 0)\n"
        "import numpy\nnumpy.left = 1"
    )
    look = (
        "import os, ctypes, numpy\nprint([os.path.exists(p + '/left') for p in ('/tmp', '/dev/shm', '.', os.environ['HOME'])])\n"
        "print(ctypes.CDLL(None).shmget(4711, 4096, 0o666), hasattr(numpy, 'left'))"
    )
    assert "segment True" in attack(quick, leave).text("double")
    text = attack(quick, look).text("double")
    assert "[False, False, False, False]" in text
    assert "-1 False" in text


def test_forged_answers_do_not_know_the_expected_value(quick: Settings) -> None:
    forge = (
        "import gc, sys\nfor o in gc.get_objects():\n    if type(o).__name__ == 'Session':\n"
        "        wire = sys.modules[type(o.channel).__module__] if type(o.channel).__module__ in sys.modules else None\n"
        "        g = type(o).answer.__globals__\n"
        "        old = type(o).answer\n"
        "        def answer(self, data, old=old, g=g):\n"
        "            try:\n"
        "                op = g['wire'].decode(data, self.decode)[0]\n"
        "            except Exception:\n                op = ''\n"
        "            if op == 'call':\n"
        "                return g['wire'].encode({'ok': True, 'changed': {0: 0}, 'outputs': [{'output_type': 'execute_result',"
        " 'data': {'text/plain': '2.0'}, 'metadata': {}, 'execution_count': 1}], 'names': {'assert': None}, 'warnings': []})\n"
        "            return old(self, data)\n"
        "        type(o).answer = answer\n"
        "def double(x):\n    return 0"
    )
    played = attack(quick, forge)
    assert played.marks["t_double"] == played.marks["t_total"] == 0.0
    assert played.marks["t_again"] in (0.0, 0.25)
