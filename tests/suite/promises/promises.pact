calendar office { mon to fri 09:00 to 17:00 }
calendar never { closed 2026-01-01 }
#        ^^^^^ E0805 the calendar has no open time: no weekday has hours, and no date is `open`
calendar odd { mon 09:00 to 09:00  open 2026-05-09 10:00 to 10:00  closed 2026-04-15 to 2026-04-13 }
#                  ^^^^^^^^^^^^^^ E0805 the hours end when they start
#                                                  ^^^^^^^^^^^^^^ E0805 the hours end when they start
#                                                                         ^^^^^^^^^^^^^^^^^^^^^^^^ E0805 the closed days end before they start
touch call { minutes integer? }
touch email
disposition recycle
program welcome { kind notify }
pipeline p {
  stage one { owner marketing  move to two when consent }
  stage two { owner sales  move to three when consent }
  stage three { owner sales  final }
}
sla empty on two { owner sales }
#   ^^^^^ E0801 this agreement promises nothing
sla early { owner sales  first touch within 4 hours }
#                        ^^^^^^^^^^^^^^^^^^^^^^^^^^ E0802 this promise needs a stage on which its clock starts
sla warm on two {
  owner sales
  first touch within 4 business hours
#                    ^^^^^^^^^^^^^^^^ E0802 business time needs a calendar
  at least 0 touches by call, fax within 10 business days, 1 business day apart
#          ^ E0804 a count of 0 touches means nothing
#                             ^^^ E0201 there is no touch `fax`
#                                        ^^^^^^^^^^^^^^^^ E0802 business time needs a calendar
#                                                          ^^^^^^^^^^^^^^ E0802 business time needs a calendar
  warn at 0%, 75%, 120% { alert sales }
#         ^^ E0804 0% is not above 0% and up to 100%
#                  ^^^^ E0804 120% is not above 0% and up to 100%
  on breach of outcome { alert sales }
#              ^^^^^^^ E0801 `warm` promises no outcome
  on breach of first touch after 2 business hours { reassign }
#                                ^^^^^^^^^^^^^^^^ E0802 business time needs a calendar
}
sla mixed on two { owner sales  clock office  first touch within 1 business day 4 hours  work at most 0 days }
#                                                                ^^^^^^^^^^^^^^^^^^^^^^ E0313 business time and elapsed time do not add up
#                                                                                                     ^^^^^^ E0310 a promise of `0 days` is no time at all
sla volume { owner marketing  at least 0 leads entering two per quarter }
#                                      ^ E0804 a count of 0 leads means nothing
recycle half { rest 5 business days  enroll welcome }
#       ^^^^ E0803 `half` has no `from`, no `when`, no `to`
#                   ^^^^^^^^^^^^^^^ E0802 business time needs a calendar
recycle whole {
  from two
  when disposition = recycle
  to one
  keep 150% of fit
#      ^^^^ E0804 150% is not above 0% and up to 100%
  at most 0 times, then three
#         ^ E0804 a count of 0 times means nothing
}
score fit { give 5 per call }
metric share = deals / visits
metric deals = share * 2
#      ^^^^^ E0806 `deals` is measured by itself
metric visits = count of call where minutes > 5
target sales visit >= 5 per month
#            ^^^^^ E0201 there is no metric `visit`
watch visits { compare last 4 weeks with the 4 weeks before  alert when it changes by 0% or more  review warmth }
#                                                                                     ^^ E0804 0% is not above 0% and up to 1000%
#                                                                                                        ^^^^^^ E0201 there is no criteria or sla `warmth`
digest hot for sale { every weekday at 08:30  top 0 leads in two by fit }
#              ^^^^ E0201 there is no party `sale`
#                                                 ^ E0804 a count of 0 leads means nothing
