"""Compound commands: groups, conditions, loops, case, select, (( )), [[ ]], functions, coprocesses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import pattern as patterns
from maillab.shell import syntax, traps
from maillab.shell.assigning import set_value, trace
from maillab.shell.conditional import evaluate_condition
from maillab.shell.control import LoopExit, ShellError
from maillab.shell.expansion import arithmetic, expand_pattern, expand_text, expand_words
from maillab.shell.jobs import Job
from maillab.shell.printer import job_text
from maillab.shell.source import NAME

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

TESTED = syntax.Arith | syntax.Cond


async def run(sh: Shell, node: syntax.Command, *, tail: bool) -> int:
    """One compound command without its redirections."""
    if isinstance(node, syntax.Group):
        return await sh.run(node.body, tail=tail)
    if isinstance(node, syntax.If):
        return await run_if(sh, node)
    if isinstance(node, syntax.For):
        return await (run_select(sh, node) if node.select else run_for(sh, node))
    if isinstance(node, syntax.While):
        return await run_while(sh, node)
    if isinstance(node, syntax.Case):
        return await run_case(sh, node)
    if isinstance(node, syntax.ArithFor):
        return await run_arithmetic_for(sh, node)
    if isinstance(node, syntax.Arith):
        return await run_arithmetic(sh, node)
    if isinstance(node, syntax.Cond):
        return await run_condition(sh, node)
    raise TypeError(node)


async def tested(sh: Shell, body: syntax.Sequence) -> int:
    """Run a list whose status is a condition."""
    sh.conditions += 1
    try:
        return await sh.run(body)
    finally:
        sh.conditions -= 1


async def run_if(sh: Shell, node: syntax.If) -> int:
    for test, body in node.clauses:
        if await tested(sh, test) == 0:
            return await sh.run(body)
    return 0 if node.otherwise is None else await sh.run(node.otherwise)


class Loop:
    """The bookkeeping of one loop: break and continue that reach it end in `step`."""

    def __init__(self, sh: Shell) -> None:
        self.sh = sh
        self.status = 0
        self.over = False

    async def step(self, body: syntax.Sequence) -> bool:
        """Run the body once; False when the loop is over."""
        try:
            self.status = await self.sh.run(body)
        except LoopExit as leaving:
            self.left(leaving)
        return not self.over

    async def holds(self, test: syntax.Sequence) -> int:
        """The status of the loop's test; break may come from there too."""
        try:
            return await tested(self.sh, test)
        except LoopExit as leaving:
            self.left(leaving)
            return 1

    def left(self, leaving: LoopExit) -> None:
        self.status = leaving.status
        if leaving.levels > 1 and self.sh.state.loops > 1:
            leaving.levels -= 1
            raise leaving
        if not leaving.again:
            self.over = True

    def __enter__(self) -> Loop:
        self.sh.state.loops += 1
        return self

    def __exit__(self, *exc: object) -> None:
        self.sh.state.loops -= 1


async def run_for(sh: Shell, node: syntax.For) -> int:
    """for name in words"""
    if not NAME.fullmatch(node.name):
        await sh.report(f"`{node.name}': not a valid identifier")
        return 1
    sh.state.line = node.line
    words = list(sh.state.positional) if node.words is None else await expand_words(sh, node.words)
    with Loop(sh) as loop:
        for word in words:
            sh.state.line = node.line
            await traps.run_debug(sh, syntax.For(name=node.name, words=node.words))
            if sh.option("xtrace"):
                shown = '"$@"' if node.words is None else " ".join(item.raw for item in node.words)
                if not sh.dialect.is_dash:
                    await trace(sh, f"for {node.name} in {shown}")
            try:
                set_loop_variable(sh, node.name, word)
            except ShellError as error:
                await sh.report(error.message)
                return 1
            await sh.charge(2)
            if not await loop.step(node.body):
                break
    return loop.status


def set_loop_variable(sh: Shell, name: str, word: str) -> None:
    variable = sh.state.variables.lookup(name)
    if variable is not None and variable.nameref:
        variable.value = word
        return
    set_value(sh, name, word)


async def run_while(sh: Shell, node: syntax.While) -> int:
    with Loop(sh) as loop:
        while True:
            status = await loop.holds(node.test)
            if loop.over or (status == 0) == node.until:
                break
            await sh.charge(2)
            if not await loop.step(node.body):
                break
    return loop.status


async def run_arithmetic_for(sh: Shell, node: syntax.ArithFor) -> int:
    """for ((init; test; step))"""

    async def value(word: syntax.Word) -> int:
        sh.state.line = node.line
        if sh.option("xtrace"):
            await trace(sh, f"(( {word.raw.strip()} ))")
        await sh.charge()
        return await arithmetic(sh, word, "((: ")

    try:
        if node.init.raw.strip():
            await value(node.init)
        with Loop(sh) as loop:
            while not node.test.raw.strip() or await value(node.test):
                if not await loop.step(node.body):
                    break
                if node.step.raw.strip():
                    await value(node.step)
                await sh.charge(2)
        return loop.status
    except ShellError as error:
        await sh.report(error.message)
        return 1


async def run_case(sh: Shell, node: syntax.Case) -> int:
    sh.state.line = node.line
    await traps.run_debug(sh, node)
    subject = await expand_text(sh, node.word)
    if sh.option("xtrace") and not sh.dialect.is_dash:
        await trace(sh, f"case {node.word.raw} in")
    await sh.charge()
    status, falling = 0, False
    for item in node.items:
        if not falling and not await case_matches(sh, item, subject):
            continue
        status = await sh.run(item.body) if item.body.items else 0
        if item.end in (";;", ""):
            return status
        falling = item.end == ";&"
    return status


async def case_matches(sh: Shell, item: syntax.CaseItem, subject: str) -> bool:
    shopt = sh.state.shopt
    for word in item.patterns:
        pattern = word.literal if word.literal is not None else await expand_pattern(sh, word)
        compiled = patterns.compile(pattern, extglob=shopt["extglob"], ignorecase=shopt["nocasematch"])
        if compiled.matches(subject):
            return True
    return False


async def run_arithmetic(sh: Shell, node: syntax.Arith) -> int:
    """(( expression ))"""
    sh.state.line = node.line
    await traps.run_debug(sh, node)
    if sh.option("xtrace"):
        await trace(sh, f"(( {node.expression.raw} ))")
    await sh.charge()
    try:
        status = int(not await arithmetic(sh, node.expression, "((: "))
    except ShellError as error:
        if error.fatal:
            raise
        await sh.report(error.message)
        status = 1
    sh.state.pipe_status = [status]
    return status


async def run_condition(sh: Shell, node: syntax.Cond) -> int:
    """[[ expression ]]"""
    sh.state.line = node.line
    await traps.run_debug(sh, node)
    await sh.charge()
    assert node.expression is not None
    status = await evaluate_condition(sh, node.expression)
    sh.state.pipe_status = [status]
    return status


# --- select ---------------------------------------------------------------------------------------------------------


async def run_select(sh: Shell, node: syntax.For) -> int:
    """select name in words: a menu, a question, the body, again."""
    if not NAME.fullmatch(node.name):
        await sh.report(f"`{node.name}': not a valid identifier")
        return 1
    words = list(sh.state.positional) if node.words is None else await expand_words(sh, node.words)
    if not words:
        return 0
    show = True
    with Loop(sh) as loop:
        while True:
            if show:
                await sh.complain(menu(words, int_of(sh.state.variables.text("COLUMNS"), 80)))
            await sh.complain(await sh.prompt_text(sh.state.variables.text("PS3", "#? ")))
            line = await read_reply(sh)
            if line is None:
                await sh.write("\n")
                loop.status = 1
                break
            sh.state.variables.set("REPLY", line)
            show = not line
            if not line:
                continue
            choice = int(line) if line.strip().isdigit() else 0
            sh.state.variables.set(node.name, words[choice - 1] if 1 <= choice <= len(words) else "")
            if not await loop.step(node.body):
                break
    return loop.status


def int_of(text: str, default: int) -> int:
    return int(text) if text.isdigit() and int(text) else default


async def read_reply(sh: Shell) -> str | None:
    """One line of standard input, blanks trimmed; None at the end."""
    from maillab.shell.lineinput import read_line

    data = await read_line(sh.sys, 0)
    if not data:
        return None
    return data.decode("utf-8", "surrogateescape").rstrip("\n").strip(" \t")


def menu(words: list[str], columns: int) -> str:
    """The numbered menu in columns, as bash lays it out."""
    digits = len(str(len(words)))
    width = max(len(word) for word in words) + digits + 2 + 2
    across = max(1, columns // width)
    rows = -(-len(words) // across)
    across = -(-len(words) // rows)
    if rows == 1:
        rows, across = across, 1
    lines = []
    for row in range(rows):
        cells = list(range(row, len(words), rows))
        line = ""
        for position, index in enumerate(cells):
            cell = f"{index + 1:{digits}d}) {words[index]}"
            line += cell if position == len(cells) - 1 else f"{cell:<{width}}"
        lines.append(line)
    return "".join(line + "\n" for line in lines)


# --- functions and coprocesses --------------------------------------------------------------------------------------


async def define_function(sh: Shell, node: syntax.Function) -> int:
    """name() { ... }"""
    if node.name in sh.state.readonly_functions:
        await sh.report(f"{node.name}: readonly function")
        return 1
    sh.state.functions[node.name] = node
    frames = sh.state.frames
    source = frames[-1].source if frames else ("" if sh.state.interactive else "environment")
    sh.state.function_sources[node.name] = source or ("main" if sh.state.interactive else "")
    return 0


async def start_coproc(sh: Shell, node: syntax.Coproc) -> int:
    """coproc: a child with pipes on its standard input and output."""
    from maillab.shell.reading import run_child
    from maillab.shell.running import wrapped

    from_child, child_out = sh.sys.pipe()
    child_in, to_child = sh.sys.pipe()

    async def run(child: Shell) -> int:
        traps.default_signals(child)
        child.sys.dup2(child_in, 0)
        child.sys.dup2(child_out, 1)
        for fd in (from_child, child_out, child_in, to_child):
            child.sys.close(fd)
        return await run_child(child, [wrapped(node.body)])

    job = Job([await sh.fork(run)], "coproc " + job_text(node.body), background=True)
    for fd in (child_in, child_out):
        sh.sys.close(fd)
    ends = [sh.sys.dup(fd, 60, cloexec=True) for fd in (from_child, to_child)]
    for fd in (from_child, to_child):
        sh.sys.close(fd)
    sh.jobs.add(job)
    sh.state.background_pid = job.pids[0]
    sh.state.variables.set_array(node.name, [str(fd) for fd in ends])
    sh.state.variables.set(f"{node.name}_PID", str(job.pids[0]))
    if sh.state.interactive and not sh.is_subshell:
        await sh.complain(f"[{job.number}] {job.pids[0]}\n")
    return 0


