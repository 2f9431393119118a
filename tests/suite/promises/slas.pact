# Promises, recycles and calendars.
activity visit
touch call, email
disposition later
program again { kind nurture  owner sale  kind notify }
#                                   ^^^^ E0201 there is no party `sale`
#                                              ^^^^^^ E0601 `kind` stands here a second time
calendar office { mon to fri 09:00 to 17:00  closed 2026-12-31 to 2026-12-24  time zone "Europe/Istanbul" }
#                                                   ^^^^^^^^^^^^^^^^^^^^^^^^ E0805 the closed days end before they start
calendar shut { sat closed  closed from "holidays.ics" }
#        ^^^^ E0805 the calendar has no open time: no weekday has hours, and no date is `open`
#                                       ^^^^^^^^^^^^^^ E0106 `holidays.ics` cannot be read
calendar odd { mon 09:00 to 09:00 }
#                  ^^^^^^^^^^^^^^ E0805 the hours end when they start
pipeline p {
  stage one { owner marketing  move to two when consent }
  stage two { owner sales  final }
}
score fit { give 10 when consent }
sla speed on one {
  owner sales
  clock offise
#       ^^^^^^ E0201 there is no calendar `offise`
  first touch within 0 hours
#                    ^^^^^^^ E0310 a promise of `0 hours` is no time at all
  at least 0 touches by call, visit within 10 days, 0 hours apart
#          ^ E0804 a count of 0 touches means nothing
#                             ^^^^^ E0204 `visit` is an activity, and a touch is needed
#                                                   ^^^^^^^ E0310 a gap of `0 hours` is no time at all
  for leads where title
#                 ^^^^^ E0302 `title` is a text, not a condition
  warn at 120% { alert assignee }
#         ^^^^ E0804 120% is not above 0% and up to 100%
  on breach of outcome { reassign }
#              ^^^^^^^ E0801 `speed` promises no outcome
}
sla quick on one { owner sales  first touch within 4 business hours }
#                                                  ^^^^^^^^^^^^^^^^ E0802 business time needs a calendar
sla loose { owner sales  outcome recorded within 21 days  on breach of outcome after 1 day { reassign } }
#                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ E0802 this promise needs a stage on which its clock starts
sla nothing on one { owner sales }
#   ^^^^^^^ E0801 this agreement promises nothing
sla volume { owner marketing  at least 0 leads entering too per quarter }
#                                      ^ E0804 a count of 0 leads means nothing
#                                                       ^^^ E0201 there is no stage `too`
recycle half { rest 30 days }
#       ^^^^ E0803 `half` has no `from`, no `when`, no `to`
recycle whole {
  from one, tow
#           ^^^ E0201 there is no stage `tow`
  when disposition = later
  to one
  to two
#    ^^^ E0601 `to` stands here a second time
  rest 0 days
#      ^^^^^^ E0310 a rest of `0 days` is no time at all
  enroll agan
#        ^^^^ E0201 there is no program `agan`
  keep 150% of fit
#      ^^^^ E0804 150% is not above 0% and up to 100%
  keep 50% of consent
#             ^^^^^^^ E0204 `consent` is a field, and a score is needed
  at most 0 times, then two
#         ^ E0804 a count of 0 times means nothing
}
