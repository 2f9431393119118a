# When people are at work.
calendar office { mon to fri 09:00 to 17:00 }
team always { member ana }
team desk {
  member ana, hours office, hours mon 09:00 to 10:00
#             ^^^^^^^^^^^^ E0805 a calendar says all hours of a member
  member bo,  hours mon 10:00 to 10:00
#                       ^^^^^^^^^^^^^^ E0805 the hours end when they start
  member cem, hours ofice
#                   ^^^^^ E0201 there is no calendar `ofice`
  member dia, hours sat closed
#             ^^^^^^^^^^^^^^^^ E0805 the calendar has no open time: no weekday has hours, and no date is `open`
}
pipeline p {
  stage one { owner marketing  move to two when customer }
  stage two { owner sales  final }
}
route ways {
  to team always round robin wait for hours when country = "TR"
#                            ^^^^^^^^^^^^^^ E0701 nobody of `always` keeps hours, so somebody is always at work
  to team desk wait for hours when country = "ES"
  otherwise to queue rest
}
handoff one to two { route by ways }
sla answers on two {
  owner sales
  reply within 4 business hours to call
#              ^^^^^^^^^^^^^^^^ E0802 business time needs a calendar
#                                  ^^^^ E0204 `call` is a touch, and a activity is needed
  reply within 4 hours to vist
#                         ^^^^ E0201 there is no activity `vist`
  on breach of reply alert boss
}
touch call
activity visit
