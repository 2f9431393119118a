# Routes, teams and hand-overs.
team empty { }
#    ^^^^^ E0701 `empty` has no member
team desk {
  member ana, capacity 0, weight 0
#                      ^ E0701 a capacity of 0 takes no lead
#                                ^ E0701 a weight of 0 takes no lead
  member bo, away 2026-08-15 to 2026-08-01
#            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ E0701 the absence ends before it starts
  member ana
#        ^^^ E0202 `ana` is a member twice
  single contact cy
#                ^^ E0201 there is no member `cy`
  clock office
#       ^^^^^^ E0201 there is no calendar `office`
}
team plain { member di }
route lost { to queue big when employees > 100 }
#     ^^^^ E0702 `lost` says nothing of the leads that no entry takes
route ways {
  to team dsk when customer
#         ^^^ E0201 there is no team `dsk`
  to owner when consent
#    ^^^^^ E0703 a lead has no field that names its owner
  to team desk round robin when revenue
#                               ^^^^^^^ E0302 `revenue` is money in USD, not a condition
  to team plain single contact when title is present
#               ^^^^^^^^^^^^^^ E0701 `plain` has no single contact
  otherwise to queue rest
  to rep eva when country = "TR"
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ E0706 this entry is never reached
  otherwise to queue more
# ^^^^^^^^^^^^^^^^^^^^^^^ E0706 this entry is never reached
}
pipeline p {
  stage one { owner marketing  move to two when consent }
  stage two { owner sales  final }
}
criteria fits { agreed by marketing, sales  need employees > 10 }
handoff one to two {
  route by lost
  route by ways
#          ^^^^ E0601 `route` stands here a second time
  carry country, fits, contry, activities in last 0 days, reasons
#                ^^^^ E0705 `fits` is criteria: only fields, scores and values are carried
#                      ^^^^^^ E0201 there is no field, score or value `contry`
#                                                 ^^^^^^ E0310 a window of `0 days` is no time at all
  need fits as "It fits"
  need title
#      ^^^^^ E0302 `title` is a text, not a condition
  alert assignee, sale
#                 ^^^^ W0603 `sale` is one letter away from `sales`
}
handoff two to one { }
#       ^^^ E0704 no move leads from `two` to `one`, so nothing is ever handed over
handoff one to two { }
#^^^^^^^^^^^^^^^^^^^^^ E0202 a hand-over from `one` to `two` is there already
handoff one to tow { route by way }
#              ^^^ E0201 there is no stage `tow`
#                             ^^^ E0201 there is no route `way`
