"""Every sentence of the screens, in French and English. Replies, log lines and commands are never translated."""

from __future__ import annotations

import os
from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "course": ("Le cours", "The course"),
    "lesson": ("Leçon", "Lesson"),
    "checks": ("À faire", "To do"),
    "hints": ("Indices", "Hints"),
    "log": ("Journal", "Log"),
    "flow": ("Message", "Message"),
    "terminal": ("Terminal", "Terminal"),
    "open": ("Ouvrir", "Open"),
    "quit": ("Quitter", "Quit"),
    "back": ("Retour", "Back"),
    "next": ("Suivante", "Next"),
    "hint": ("Indice", "Hint"),
    "check": ("Vérifier", "Check"),
    "undo": ("Annuler", "Undo"),
    "reset": ("Recommencer", "Start again"),
    "forward": ("Avance rapide", "Fast forward"),
    "panes": ("Panneaux", "Panes"),
    "new_terminal": ("Nouveau terminal", "New terminal"),
    "switch": ("Changer de terminal", "Switch terminal"),
    "language": ("English", "Français"),
    "read": ("Lire", "Read"),
    "passed": ("Leçon réussie ! {next} pour la suivante.", "Lesson passed! {next} for the next one."),
    "minutes": ("{n} min", "{n} min"),
    "progress": ("{done} sur {all} leçons réussies", "{done} of {all} lessons passed"),
    "no_hint": (
        "Aucun indice ne correspond à l'état de la machine : relisez les points encore rouges.",
        "No hint fits the state of the machine: read the points that are still red.",
    ),
    "checking": ("Vérification…", "Checking…"),
    "resumed": ("Reprise là où vous vous étiez arrêté.", "Picked up where you stopped."),
    "not_resumed": (
        "La session enregistrée ne correspond plus à cette leçon : on recommence, l'ancienne est gardée à côté.",
        "The saved session no longer fits this lesson: starting again, the old one is kept aside.",
    ),
    "undone": ("Dernière commande annulée.", "The last command is undone."),
    "forwarded": ("{n} secondes ont passé.", "{n} seconds went by."),
    "not_simulated": ("non simulé : {what}", "not simulated: {what}"),
    "internal": (
        "Erreur interne du laboratoire ({what}). Le journal {file} permet de la rejouer.",
        "Internal error of the lab ({what}). The journal {file} replays it.",
    ),
    "flow_empty": ("Aucun message n'a encore circulé.", "No message has travelled yet."),
    "log_empty": ("/var/log/mail.log est vide.", "/var/log/mail.log is empty."),
    "leave_terminal": ("Le terminal prend toutes les touches sauf F1-F12.", "The terminal takes every key but F1-F12."),
    "shell_over": ("Ce terminal est fermé.", "This terminal is closed."),
    "free_lab": ("Laboratoire libre", "Free lab"),
}


def system_language() -> str:
    """fr or en, from LC_ALL, LC_MESSAGES, LANG (English when they say neither)."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "fr" if value.startswith("fr") else "en"
    return "en"


def say(language: str, word: str, **values: object) -> str:
    """A sentence in a language."""
    return WORDS[word][0 if language == "fr" else 1].format(**values)
