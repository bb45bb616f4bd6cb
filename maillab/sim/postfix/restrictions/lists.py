"""The smtpd_*_restrictions lists: read once, their tables opened before the jail, checked for what would leave a relay open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix.lib.maps import Maps, split_maps

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service

STAGES = ("client", "helo", "sender", "relay", "recipient", "etrn", "data", "end_of_data")
TABLE_OF_STAGE = {
    "client": "check_client_access",
    "helo": "check_helo_access",
    "sender": "check_sender_access",
    "relay": "check_recipient_access",
    "recipient": "check_recipient_access",
    "etrn": "check_etrn_access",
    "data": "check_recipient_access",
    "end_of_data": "check_recipient_access",
}
ONE_ARGUMENT = frozenset(
    {
        "check_client_access",
        "check_reverse_client_hostname_access",
        "check_helo_access",
        "check_sender_access",
        "check_recipient_access",
        "check_etrn_access",
        "check_policy_service",
        "check_ccert_access",
        "check_sasl_access",
        "reject_rbl_client",
        "reject_rbl",
        "permit_dnswl_client",
        "permit_rhswl_client",
        "reject_rhsbl_client",
        "reject_rhsbl_reverse_client",
        "reject_rhsbl_helo",
        "reject_rhsbl_sender",
        "reject_rhsbl_recipient",
        "sleep",
        "check_client_mx_access",
        "check_client_ns_access",
        "check_client_a_access",
        "check_reverse_client_hostname_mx_access",
        "check_reverse_client_hostname_ns_access",
        "check_reverse_client_hostname_a_access",
        "check_helo_mx_access",
        "check_helo_ns_access",
        "check_helo_a_access",
        "check_sender_mx_access",
        "check_sender_ns_access",
        "check_sender_a_access",
        "check_recipient_mx_access",
        "check_recipient_ns_access",
        "check_recipient_a_access",
    }
)
CLOSING = ("reject_unauth_destination", "defer_unauth_destination", "reject", "defer", "defer_if_permit", "check_relay_domains")
OLD_CLOSING = ("check_relay_domains", "reject_unauth_destination", "reject", "defer", "defer_if_permit")


class RestrictionLists:
    """The lists of every stage and the restriction classes, as words."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.params = service.params
        self.log = service.log
        self.tables: dict[str, Maps] = {}
        self.stages = {stage: self._stage(stage) for stage in STAGES}
        self.classes: dict[str, list[str]] = {}
        for name in self.params.words("smtpd_restriction_classes"):
            text = self.params[name]
            if not text:
                self.log.fatal(f"restriction class `{name}' needs a definition")
            self.classes[name] = split_maps(text)
            self._open(self.classes[name], "check_recipient_access")
        self._relay_is_closed()

    def _stage(self, stage: str) -> list[str]:
        words = split_maps(self.params[f"smtpd_{stage}_restrictions"])
        self._open(words, TABLE_OF_STAGE[stage])
        return words

    def _open(self, words: list[str], default: str) -> None:
        """Open the tables of a list."""
        name = default
        for word in words:
            if ":" in word and name != "check_policy_service" and not word.startswith(("inet:", "unix:")) and "=" not in word:
                self.table(word)
            name = word.lower()

    def table(self, title: str) -> Maps:
        """An access table of this process."""
        if title not in self.tables:
            self.tables[title] = Maps(self.service.sys, self.log, self.params, title, title)
        return self.tables[title]

    def _relay_is_closed(self) -> None:
        """At least one restriction must say no to strangers. Raises Fatal."""
        words = {word.lower() for word in (*self.stages["relay"], *self.stages["recipient"])}
        if words & set(CLOSING):
            return
        if self.params.version >= (2, 10):
            self.log.fatal(
                "in parameter smtpd_relay_restrictions or smtpd_recipient_restrictions, specify at least one working instance of: "
                "reject_unauth_destination, defer_unauth_destination, reject, defer, defer_if_permit or check_relay_domains"
            )
        names = ", ".join(OLD_CLOSING[:-1]) + " or " + OLD_CLOSING[-1]
        self.log.fatal(f'parameter "smtpd_recipient_restrictions": specify at least one working instance of: {names}')
