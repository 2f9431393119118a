metric wins = leads entering two
watch wins { compare last 4 business weeks with the 0 weeks before  alert when it changes by 20% or more }
#                         ^^^^^^^^^^^^^^^^ E0310 a window runs in elapsed time, not in business time
#                                                   ^^^^^^^ E0310 a window of `0 weeks` is no time at all
review weekly every 2 business weeks { wins }
#                   ^^^^^^^^^^^^^^^^ E0310 a step runs in elapsed time, not in business time
pipeline p { stage one { owner sales  move to two when consent }  stage two { owner sales  final } }
