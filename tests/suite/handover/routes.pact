table areas from "areas.csv"
table gives from "gives.csv"
team iberia { member ana, capacity 0  member bo, weight 0  member cy, away 2026-08-15 to 2026-08-01  member bo }
#                                  ^ E0701 a capacity of 0 takes no lead
#                                                       ^ E0701 a weight of 0 takes no lead
#                                                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ E0701 the absence ends before it starts
#                                                                                                           ^^ E0202 `bo` is a member twice
team nobody { }
#    ^^^^^^ E0701 `nobody` has no member
team dach { member di  single contact dy  clock offices }
#                                     ^^ E0201 there is no member `dy`
#                                               ^^^^^^^ E0201 there is no calendar `offices`
route open { to team iberia when country = "ES"  to team nobody when country = "PT" }
#     ^^^^ E0702 `open` says nothing of the leads that no entry takes
route shut {
  from table areas
  from table gives
# ^^^^^^^^^^^^^^^^ E0703 no column of the table says who receives: it gives manager
  to owner when consent
#    ^^^^^ E0703 a lead has no field that names its owner
  to team dach round robin when country = "DE"
  otherwise to queue desk
  to team ibera when country = "RU"
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ E0706 this entry is never reached
#         ^^^^^ E0201 there is no team `ibera`
}
pipeline p {
  stage one { owner marketing  move to two when consent }
  stage two { owner sales  move to three when consent  move to one after 2 business days }
#                                                                        ^^^^^^^^^^^^^^^ E0802 business time needs a calendar
  stage three { owner sales  final }
}
criteria fits { agreed by sales  need consent }
list tech = "CTO"
param bar = 5
handoff one to three { route by shut  carry id }
#       ^^^ E0704 no move leads from `one` to `three`, so nothing is ever handed over
handoff one to two {
  route by open
  carry title, fits, tech, bar, titel, activities in last 5 business days, reasons
#              ^^^^ E0705 `fits` is criteria: only fields, scores and values are carried
#                    ^^^^ E0705 `tech` is a list: only fields, scores and values are carried
#                          ^^^ E0705 `bar` is a param: only fields, scores and values are carried
#                               ^^^^^ E0201 there is no field, score or value `titel`
#                                                         ^^^^^^^^^^^^^^^ E0310 a window runs in elapsed time, not in business time
  need fits
  need country in tech and employees > bar
  alert assignee, sale
#                 ^^^^ W0603 `sale` is one letter away from `sales`
}
handoff one to two { route by shot }
#^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ E0202 a hand-over from `one` to `two` is there already
#                             ^^^^ E0201 there is no route `shot`

# file: areas.csv
#| country,queue
#| TR,turkey
#| TR,again
#  ^^^^^^^^ W0701 this row is never reached

# file: gives.csv
#| country,manager
#| TR,ana
