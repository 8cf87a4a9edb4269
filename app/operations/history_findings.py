"""What a verification of the history can find, each with a text for people."""

from dataclasses import dataclass

from app.i18n import N_

_TEXTS = {
    "event_missing": N_("%(stream)s: event %(expected)s is missing; the next one there is %(stream_sequence)s."),
    "link_broken": N_("%(stream)s, event %(stream_sequence)s does not follow the event before it."),
    "event_changed": N_("%(stream)s, event %(stream_sequence)s was changed after it was recorded."),
    "columns_differ": N_("%(stream)s, event %(stream_sequence)s: what lists show of it was changed (%(column)s)."),
    "unsealed_event_missing": N_("Event number %(sequence)s was removed before it was sealed."),
    "event_never_sealed": N_("%(stream)s, event %(stream_sequence)s is neither sealed nor waiting for a seal."),
    "entry_missing": N_("Entry %(position)s of the log is missing."),
    "entry_misplaced": N_("Entry %(position)s of the log is not under the seal it was made with."),
    "sealed_event_missing": N_("Event number %(sequence)s, entry %(position)s of the log, was removed."),
    "sealed_event_differs": N_("%(stream)s, event %(stream_sequence)s was replaced after it was sealed."),
    "seal_missing": N_("Seal %(seal)s is missing."),
    "seal_differs": N_("Seal %(seal)s does not match the log it covers."),
    "seal_key_unknown": N_("Seal %(seal)s is signed with a key that is not in the key store."),
    "seal_signature_wrong": N_("The signature of seal %(seal)s is wrong."),
    "entries_beyond_seals": N_("Entry %(position)s of the log is covered by no seal."),
    "checkpoint_differs": N_("The log differs from the outside checkpoint %(seal)s over %(size)s entries."),
    "file_not_recorded": N_("The file %(attachment)s of case %(case)s has not the hash that its event recorded."),
    "file_missing": N_("The file %(attachment)s of case %(case)s is missing."),
    "file_damaged": N_("The file %(attachment)s of case %(case)s is not as it was added."),
    "shorter_than_checkpoint": N_("The log ends before the outside checkpoint %(seal)s over %(size)s entries."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """The first thing that is wrong. `sequence` is the row number of the event, where one can be named."""

    code: str
    msgid: str
    params: dict[str, object]

    @property
    def sequence(self) -> int | None:
        """The event's row number; None where the finding is about a seal."""
        sequence = self.params.get("sequence")
        return sequence if isinstance(sequence, int) else None

    def __str__(self) -> str:
        return self.msgid % self.params


class BrokenHistory(Exception):
    """Ends a verification at what it found."""

    def __init__(self, found: Finding) -> None:
        super().__init__(str(found))
        self.finding = found


def finding(code: str, **params: object) -> Finding:
    """Make a finding from its code and what its text needs."""
    return Finding(code, _TEXTS[code], params)
