activity visit { pages integer? }
score warm {
  give 5 per visit in last 5 business days
#                          ^^^^^^^^^^^^^^^ E0310 a window runs in elapsed time, not in business time
  give 5 if any visit in last 0 days
#                             ^^^^^^ E0310 a window of `0 days` holds nothing
  take 5 when count of visit in last 2 business weeks > 3
#                                    ^^^^^^^^^^^^^^^^ E0310 a window runs in elapsed time, not in business time
}
criteria c {
  agreed by sales
  need any visit in last 1 business month
#                        ^^^^^^^^^^^^^^^^ E0310 a window runs in elapsed time, not in business time
  need visit in last 3 business hours
#                    ^^^^^^^^^^^^^^^^ E0310 a window runs in elapsed time, not in business time
  need sum of visit.pages in last 4 business hours > 3
#                                 ^^^^^^^^^^^^^^^^ E0310 a window runs in elapsed time, not in business time
  need time since visit > 2 business days
  need warm > 3
}
pipeline p { stage one { owner sales  move to two when c }  stage two { owner sales  final } }
