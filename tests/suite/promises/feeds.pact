# Feeds of calendars.
calendar office { mon to fri 09:00 to 17:00  closed from "holidays.ics" }
calendar broken { mon to fri 09:00 to 17:00  closed from "notes.ics" }
calendar late { mon 24:00 to 09:00 }
#                   ^^^^^^^^^^^^^^ E0805 a shift cannot open at 24:00: write `00:00` on the next day

# file: holidays.ics
#| BEGIN:VCALENDAR
#| VERSION:2.0
#| BEGIN:VEVENT
#| DTSTART;VALUE=DATE:20260501
#| SUMMARY:Labour Day
#| END:VEVENT
#| BEGIN:VEVENT
#| DTSTART;VALUE=DATE:20261350
#  ^^^^^^^^^^^^^^^^^^^^^^^^^^^ E0405 `20261350` is neither a date nor a time
#| SUMMARY:No such day
#| END:VEVENT
#| END:VCALENDAR

# file: notes.ics
#| Closed on the first of May
#  ^^^^^^^^^^^^^^^^^^^^^^^^^^ E0405 `Closed on the first of May` is no line of iCalendar
