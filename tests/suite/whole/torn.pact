calendar office { mon to fri 09:00 to }
#                                  ^^ E0101 something is missing after `to`
team iberia { membr ana }
#             ^^^^^ E0101 `membr` does not fit here
route area { to team iberia when country = "ES"  otherwse to queue desk }
#     ^^^^ W0201 nothing uses the route `area`
#                                                ^^^^^^^^ E0101 `otherwse` does not fit here
sla warm on one { owner sales  frst touch within 4 hours }
#                              ^^^^ E0101 `frst` does not fit here
recycle again { form one  when consent }
#               ^^^^ E0101 `form` does not fit here
test "torn" { lead { lead_source web  created 2026-01-01  tags "x" }  expct stage one }
#                                                                     ^^^^^ E0101 `expct` does not fit here
pipeline p { stage one { owner sales  move to two when consent }  stage two { owner sales  final } }
