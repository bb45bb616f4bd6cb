"""Every sentence of the screens, in French and English. Replies, log lines and commands are never translated."""

from __future__ import annotations

import os
from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "course": ("Cours", "Course"),
    "log": ("Journal", "Log"),
    "flow": ("Message", "Message"),
    "free_lab": ("Laboratoire libre", "Free lab"),
    # the footer
    "help": ("Aide", "Help"),
    "open": ("Ouvrir", "Open"),
    "quit": ("Quitter", "Quit"),
    "leave": ("Retour", "Back"),
    "next": ("Suite", "Next"),
    "hint": ("Indice", "Hint"),
    "read_on": ("Lire", "Read"),
    "undo": ("Défaire", "Undo"),
    "reset": ("Recommencer", "Restart"),
    "forward": ("+60s", "+60s"),
    "panes": ("Vue", "View"),
    "new_terminal": ("Term+", "Term+"),
    "switch": ("Term", "Term"),
    "language": ("EN", "FR"),
    "close": ("Fermer", "Close"),
    # the help
    "help_title": ("Les touches", "The keys"),
    "help_terminal": (
        "Toutes les autres touches vont au terminal : c'est un vrai shell de root, ne craignez pas de le casser.",
        "All other keys go to the terminal: it is a real root shell, do not fear to break it.",
    ),
    "help_hint": ("vérifier maintenant, dire pourquoi ce qui manque manque", "check now, say why what is missing is missing"),
    "help_read": ("la page suivante du texte (Maj+F3 : la précédente)", "the next page of the text (Shift+F3: the one before)"),
    "help_undo": ("défaire la dernière ligne tapée", "undo the last line typed"),
    "help_forward": ("laisser passer une minute d'un coup", "let a minute pass at once"),
    "help_panes": (
        "la vue : texte et terminal, terminal, texte, journal et messages",
        "the view: text and terminal, terminal, text, log and messages",
    ),
    "help_new_terminal": ("un autre terminal sur la même machine", "a further terminal on the same machine"),
    "help_switch": ("le terminal suivant", "the next terminal"),
    "help_language": ("en anglais", "in French"),
    "help_leave": ("retour au cours (tout est enregistré)", "back to the course (everything is saved)"),
    "help_reset": ("recommencer la leçon (deux fois)", "start the lesson again (press it twice)"),
    "help_next": ("la leçon suivante", "the next lesson"),
    "help_scroll": ("Maj+PgPréc/PgSuiv", "Shift+PageUp/PageDown"),
    "help_back": ("revoir ce qui a défilé dans le terminal", "look back at what scrolled away in the terminal"),
    # news
    "passed": ("Leçon réussie ! {next} pour la suivante.", "Lesson passed! {next} for the next one."),
    "passed_last": (
        "Leçon réussie, et c'était la dernière du cours. Bravo !",
        "Lesson passed, and it was the last of the course. Well done!",
    ),
    "minutes": ("{n} min", "{n} min"),
    "progress": ("{done} sur {all} leçons réussies", "{done} of {all} lessons passed"),
    "no_hint": (
        "Aucun indice ne correspond à l'état de la machine : relisez les points encore rouges.",
        "No hint fits the state of the machine: read the points that are still red.",
    ),
    "checking": ("Vérification…", "Checking…"),
    "check_broken": (
        "Les vérifications de cette leçon ont échoué : {what}",
        "The checks of this lesson broke down: {what}",
    ),
    "resumed": ("Reprise là où vous vous étiez arrêté.", "Picked up where you stopped."),
    "not_resumed": (
        "La session enregistrée ne correspond plus à cette leçon : on recommence, l'ancienne est gardée à côté.",
        "The saved session no longer fits this lesson: starting again, the old one is kept aside.",
    ),
    "not_saved": ("Rien n'est plus enregistré : {what}", "Nothing is saved any more: {what}"),
    "undone": ("Dernière commande défaite.", "The last command is undone."),
    "reset_sure": ("Encore {key} pour recommencer la leçon du début.", "{key} again to start the lesson from its beginning."),
    "forwarded": ("{n} secondes ont passé.", "{n} seconds went by."),
    "over": ("Ce shell est terminé. F7 en ouvre un autre.", "This shell has ended. F7 opens another."),
    "not_simulated": ("non simulé : {what}", "not simulated: {what}"),
    "internal": (
        "Erreur interne du laboratoire ({what}). Le journal {file} permet de la rejouer.",
        "Internal error of the lab ({what}). The journal {file} replays it.",
    ),
    "flow_empty": ("Aucun message n'a encore circulé.", "No message has travelled yet."),
    # line mode
    "line_keys": ("F10 : quitter", "F10: leave"),
    "line_switch": ("F8 : machine suivante ({names})", "F8: next host ({names})"),
    "line_check": ("F2 : vérifier", "F2: check"),
    "line_left": ("Enregistré : {file}", "Saved: {file}"),
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
