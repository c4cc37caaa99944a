"""Reads a calendar on standard input by libraries that know nothing of ours, and says on which days what is.

A line an occurrence: the day, the id of its event, its summary. Arguments: the first day and the day after the last.
"""

import sys
from datetime import date

import icalendar
import recurring_ical_events

calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
first, end = (date.fromisoformat(text) for text in sys.argv[1:3])
for event in recurring_ical_events.of(calendar).between(first, end):
    start = event["DTSTART"].dt
    # A time of day would be a mistake: it would move with the reader's zone.
    assert type(start) is date, start
    assert (event["DTEND"].dt - start).days == 1, event
    print(start.isoformat(), event["UID"], event["SUMMARY"], sep="\t")
