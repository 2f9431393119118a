calendar office { mon to fri 09:00 to 17:00  closed from "holidays.ics" }
calendar shut { sat, sun closed }
#        ^^^^ E0805 the calendar has no open time: no weekday has hours, and no date is `open`
calendar backwards { mon 09:00 to 17:00  closed 2026-05-03 to 2026-05-01 }
#                                               ^^^^^^^^^^^^^^^^^^^^^^^^ E0805 the closed days end before they start

# file: holidays.ics
#| BEGIN:VCALENDAR
#| BEGIN:VEVENT
#| DTSTART;VALUE=DATE:20260501
#| RRULE:FREQ=YEARLY;BYWEEKNO=20
#  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ E0405 `BYWEEKNO=20` cannot be read in a recurrence rule
#| END:VEVENT
#| END:VCALENDAR
