"""dig - ask DNS servers and show the whole answer

SYNOPSIS
    dig [@SERVER] [-46] [-p PORT] [-t TYPE] [-c CLASS] [-q NAME] [-x ADDRESS] [NAME] [TYPE] [CLASS] [+OPTION]...

DESCRIPTION
    Options: +[no]all answer authority additional question comments stats cmd short tcp vc recurse edns search class ttlid,
    +time=SECONDS +tries=N +retry=N +bufsize=N +ndots. Several names may be asked in one command.

BUGS
    +trace, +nssearch, +multiline, +dnssec, -f, -k, -y, -b and zone transfers are refused.
"""
from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.shell.commands.bind9_host import _dighost as dighost
from maillab.shell.commands.bind9_host._dighost import Asker, BadServer, NoServer, Reply
from maillab.sim.host import resolver
from maillab.sim.kernel.calendar import strftime
from maillab.sim.wire.dns_message import CLASSES, Record, reverse_name, type_number

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"bind9-dnsutils": "/usr/bin/dig"}

USAGE = """Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}
            {global-d-opt} host [@local-server] {local-d-opt}
            [ host [@local-server] {local-d-opt} [...]]

Use "dig -h" (or "dig -h | more") for complete list of options
"""
SECTIONS = ("answer", "authority", "additional", "question", "comments", "stats")
SWITCHES = {"short": "short", "cmd": "cmd", "tcp": "tcp", "vc": "tcp", "recurse": "recurse", "rec": "recurse", "rdflag": "recurse",
            "search": "search", "defname": "search", "class": "klass", "cl": "klass", "ttlid": "ttl", "ttl": "ttl", "edns": "edns",
            **{name: name for name in SECTIONS}, "auth": "authority", "add": "additional", "ques": "question"}
NO_EFFECT = ("cookie", "adflag", "ad", "cdflag", "cd", "besteffort", "qr", "fail", "ignore", "onesoa", "split", "nsid", "keepopen",
             "expire", "ednsnegotiation", "badcookie", "crypto", "unknownformat", "identify", "idnin", "idnout", "zflag", "aaflag",
             "aaonly", "mapped", "rrcomments", "ttlunits", "header-only", "expandaaaa", "yaml")
REFUSED = ("trace", "nssearch", "multiline", "multi", "dnssec", "do", "tls", "https")


class DigError(Exception):
    """The command line is wrong: text for stderr and the exit status."""

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.status = status


@dataclass
class Question:
    """One name to ask, with the options that apply to it."""

    name: str = "."
    rrtype: str = ""
    qclass: str = "IN"
    server: str = ""
    greeting: str = ""
    short: bool = False
    cmd: bool = True
    answer: bool = True
    authority: bool = True
    additional: bool = True
    question: bool = True
    comments: bool = True
    stats: bool = True
    tcp: bool = False
    recurse: bool = True
    search: bool = False
    klass: bool = True
    ttl: bool = True
    edns: bool = True
    port: int = 53
    timeout: float = 5.0
    tries: int = 3
    family: str | None = None
    bufsize: int = 1232


class Parser:
    """Reads the words of dig: options before the first name hold for all of them, later ones for the name before them."""

    def __init__(self, argv: Sequence[str]) -> None:
        self.argv = argv
        self.words = list(argv[1:])
        self.defaults = Question()
        self.questions: list[Question] = []
        self.warnings: list[str] = []
        self.unsimulated: list[str] = []

    @property
    def current(self) -> Question:
        return self.questions[-1] if self.questions else self.defaults

    def read(self) -> list[Question]:
        while self.words:
            word = self.words.pop(0)
            if word.startswith("@"):
                self.current.server = word[1:]
            elif word.startswith("+"):
                self._plus(word)
            elif word.startswith("-") and len(word) > 1:
                self._dash(word)
            elif self._is_type(word):
                self.current.rrtype = word.upper()
            elif word.upper() in CLASSES and (self.questions or self.words):
                self.current.qclass = word.upper()
            else:
                self._name(word)
        if not self.questions:
            self._name(".")
            self.questions[0].rrtype = self.questions[0].rrtype or "NS"
        for question in self.questions:
            question.short = any(other.short for other in self.questions)
        return self.questions

    def _is_type(self, word: str) -> bool:
        return type_number(word) is not None and not (self.questions and self.questions[-1].rrtype and "." in word)

    def _name(self, name: str) -> None:
        question = copy(self.defaults)
        question.name = name
        if not self.questions and not self.defaults.short and self.defaults.cmd:
            servers = "; (1 server found)\n" if self.defaults.server else ""
            words = "".join(f" {word}" for word in self.argv[1:])
            question.greeting = f"\n; <<>> DiG {dighost.VERSION} <<>>{words}\n{servers};; global options: +cmd\n"
        self.questions.append(question)

    def _dash(self, word: str) -> None:
        letter, value = word[1], word[2:]
        question = self.current
        if letter in "46" and not value:
            question.family = "inet" if letter == "4" else "inet6"
            return
        if letter in "mru" and not value:
            return
        if letter in "hv":
            raise DigError(f"DiG {dighost.VERSION}\n" if letter == "v" else USAGE, 0)
        if letter in "bcfkpqtxy":
            if not value:
                if not self.words:
                    raise DigError(f"Invalid option: -{letter}\n{USAGE}")
                value = self.words.pop(0)
            self._with_value(letter, value)
            return
        raise DigError(f"Invalid option: {word}\n{USAGE}")

    def _with_value(self, letter: str, value: str) -> None:
        if letter == "x":
            if not resolver.is_address(value):
                raise DigError(f"Invalid IP address {value}\n")
            self._name(reverse_name(value))
            self.current.rrtype = "PTR"
        elif letter == "q":
            self._name(value)
        elif letter == "t":
            if type_number(value) is None:
                self.warnings.append(f";; Warning, ignoring invalid type {value}")
            else:
                self.current.rrtype = value.upper()
        elif letter == "c":
            if value.upper() not in CLASSES:
                self.warnings.append(f";; Warning, ignoring invalid class {value}")
            else:
                self.current.qclass = value.upper()
        elif letter == "p":
            self.current.port = int(value) if value.isdigit() else 53
        else:
            raise DigError(f"dig: -{letter} is not simulated\n")

    def _plus(self, word: str) -> None:
        key, _, value = word[1:].partition("=")
        on = not key.startswith("no")
        name = key if on else key[2:]
        question = self.current
        if name == "all":
            for section in (*SECTIONS, "cmd"):
                setattr(question, section, on)
            if not on and self.questions:
                self.questions[0].greeting = ""
        elif name in SWITCHES:
            setattr(question, SWITCHES[name], on)
            if name == "short" and on:
                for section in SECTIONS:
                    setattr(question, section, section == "answer")
            if name == "cmd" and not on and self.questions:
                self.questions[0].greeting = ""
        elif name in ("time", "timeout"):
            question.timeout = max(1.0, float(value)) if value.isdigit() else 5.0
        elif name in ("tries", "retry", "retries"):
            question.tries = max(1, int(value) + (name != "tries")) if value.isdigit() else 3
        elif name in ("bufsize", "ndots", "domain"):
            question.bufsize = int(value) if name == "bufsize" and value.isdigit() else question.bufsize
        elif name in REFUSED and on:
            raise DigError(f"dig: +{name} is not simulated\n")
        elif name in NO_EFFECT:
            self.unsimulated.append(word)
        elif name not in REFUSED:
            raise DigError(f"Invalid option: {word}\n{USAGE}")


async def main(sys: Process, argv: list[str]) -> int:
    try:
        parser = Parser(argv)
        questions = parser.read()
    except DigError as error:
        await (sys.stderr if error.status else sys.stdout).write(str(error))
        return error.status
    for warning in parser.warnings:
        await sys.stderr.print(warning)
    for word in parser.unsimulated:
        sys.unsimulated(f"dig {word}")
    status = 0
    for question in questions:
        try:
            await _one(sys, question)
        except NoServer:
            status = 9
        except BadServer as error:
            await sys.stdout.flush()
            await sys.stderr.print(f"dig: {error}")
            return 1
        except DigError as error:
            await sys.stdout.flush()
            await sys.stderr.print(f"dig: {error}")
            return error.status
    return status


async def _one(sys: Process, question: Question) -> None:
    if (problem := dighost.legal_name_error(question.name)) is not None:
        raise DigError(problem, 10)
    asker = GreetingAsker(sys, port=question.port, timeout=question.timeout, tries=question.tries, tcp=question.tcp,
                          recurse=question.recurse, edns=question.bufsize if question.edns else 0, family=question.family)
    asker.greeting = question.greeting
    if question.server:
        await asker.use(question.server)
    reply = await _search(asker, question)
    await Report(sys, question).show(reply)


class GreetingAsker(Asker):
    """An asker that greets before it gives up, as dig does."""

    greeting = ""

    async def give_up(self) -> None:
        await self.sys.stdout.write(self.greeting)
        await super().give_up()


async def _search(asker: Asker, question: Question) -> Reply:
    names = [question.name]
    if question.search and not question.name.endswith("."):
        domains = [f"{question.name}.{d}" for d in resolver.search_list(asker.sys, resolver.resolv_conf(asker.sys))]
        names = [question.name, *domains] if "." in question.name else [*domains, question.name]
    for name in names:
        reply = await asker.ask(name, question.rrtype or "A", question.qclass)
        if reply.message.rcode != 3 or name == names[-1]:
            return reply
    raise NoServer


class Report:
    """Prints one reply."""

    def __init__(self, sys: Process, question: Question) -> None:
        self.sys = sys
        self.question = question

    async def show(self, reply: Reply) -> None:
        out, question, message = self.sys.stdout, self.question, reply.message
        if question.short:
            for record in message.answer:
                await out.print(dighost.data_text(record))
            return
        await out.write(question.greeting)
        if question.comments:
            await out.print(";; Got answer:")
            for line in dighost.header_lines(message):
                await out.print(line)
            if question.recurse and not message.ra:
                await out.print(";; WARNING: recursion requested but not available")
            await out.print("")
            if message.edns:
                await out.print(f";; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: {message.edns}")
                if message.ede:
                    code, text = message.ede
                    await out.print(f"; EDE: {code} ({dighost.EDE_TEXTS.get(code, 'Other')})" + (f": ({text})" if text else ""))
        if question.question:
            await out.print((";; QUESTION SECTION:\n" if question.comments else "") + dighost.question_line(message))
            await out.write("\n" if question.comments else "")
        for name, records in (("answer", message.answer), ("authority", message.authority), ("additional", message.additional)):
            if getattr(question, name) and records:
                await self._section(name, records)
        if question.stats:
            await self._statistics(reply)

    async def _section(self, name: str, records: list[Record]) -> None:
        question = self.question
        if question.comments:
            await self.sys.stdout.print(f";; {name.upper()} SECTION:")
        for record in records:
            await self.sys.stdout.print(dighost.record_line(record, question.qclass, ttl=question.ttl, show_class=question.klass))
        await self.sys.stdout.write("\n" if question.comments else "")

    async def _statistics(self, reply: Reply) -> None:
        out = self.sys.stdout
        await out.print(f";; Query time: {reply.elapsed // 1000} msec")
        server = self.question.server or reply.server
        await out.print(f";; SERVER: {reply.server}#{reply.port}({server}) ({'TCP' if reply.tcp else 'UDP'})")
        await out.print(f";; WHEN: {strftime('%a %b %d %H:%M:%S %Z %Y', self.sys.clock())}")
        await out.print(f";; MSG SIZE  rcvd: {reply.message.size}\n")
