"""Every sentence of the screens, in French and English. Replies, log lines and commands are never translated."""

from __future__ import annotations

import os
from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "course": ("Cours", "Course"),
    "checks": ("À faire", "To do"),
    "hints": ("Indices", "Hints"),
    "log": ("Journal", "Log"),
    "flow": ("Message", "Message"),
    "terminal": ("Terminal", "Terminal"),
    "open": ("Ouvrir", "Open"),
    "quit": ("Quitter", "Quit"),
    "next": ("Suite", "Next"),
    "hint": ("Indice", "Hint"),
    "check": ("Vérifier", "Check"),
    "undo": ("Annuler", "Undo"),
    "reset": ("Recommencer", "Restart"),
    "forward": ("+60 s", "+60 s"),
    "panes": ("Vue", "View"),
    "new_terminal": ("Term+", "Term+"),
    "switch": ("Term", "Term"),
    "language": ("EN", "FR"),
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
