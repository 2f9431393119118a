activity visit { pages integer }
activity call
disposition junk
disposition later
score fit 0 to 100 {
  agreed by sales
  give 30 when employees >= 200
  give 30 when country = "TR"
  give 30 when consent
}
score heat 0 to 100 { agreed by sales  give 20 per visit where pages > 3 }
score hot_enough 0 to 100 { agreed by sales  give 30 per call }
criteria large { agreed by sales  need employees >= 50  not country in "US", "CA" }
criteria small { agreed by sales  any employees < 100  any revenue < 1M USD }
pipeline a_fields {
  for leads where lead_source = web
  stage one   { owner marketing  move to two when large }
#                                ^^^^^^^^^^^^^^^^^^^^^^ E0611 a lead with country "something else", employees 50, lead_source web, consent true would go round `one`, `two`, `three` at one instant
  stage two   { owner sales  move to three when consent  move to four when title = "x" }
  stage three { owner sales  move to one when small  move to four when disposition = junk }
  stage four  { owner sales  final }
}
# two thresholds with a gap
pipeline b_gap {
  for leads where lead_source = webinar
  stage b_one { owner marketing  move to b_two when fit >= 60 }
  stage b_two { owner sales  move to b_one when fit < 40  move to b_end when disposition = junk }
  stage b_end { owner sales  final }
}
# an answer, and a wait
pipeline c_answer {
  for leads where lead_source = referral
  stage c_one { owner marketing  move to c_two when fit >= 60 }
  stage c_two { owner sales  move to c_one when disposition = later  move to c_three when consent }
  stage c_three { owner sales  move to c_two when consent after 2 days  move to c_end when disposition = junk }
  stage c_end { owner sales  final }
}
# no answer is an answer that can be asked for
pipeline d_none {
  for leads where customer
  stage d_one { owner marketing  move to d_two when disposition is missing  move to d_end when disposition = junk }
#                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ E0611 a lead with country "TR", employees 200, customer true, consent true would go round `d_one`, `d_two` at one instant
  stage d_two { owner sales  move to d_one when fit >= 90 }
  stage d_end { owner sales  final }
}
pipeline e_history {
  for leads where not customer
  stage e_one { owner marketing  move to e_two when heat >= 60 }
#                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ E0611 a lead with customer false, visit (pages 4) 3 times would go round `e_one`, `e_two` at one instant
  stage e_two { owner sales  move to e_one when any visit in last 3 days  move to e_three when hot_enough > 50 }
#                                                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ E0611 a lead with customer false, consent true, call 5 times would go round `e_two`, `e_three` at one instant
  stage e_three { owner sales  move to e_two when count of call >= 5 and consent  move to e_end when disposition = junk }
  stage e_end { owner sales  final }
}
# the move before wins
pipeline f_first {
  for leads where customer
  stage f_one { owner marketing  move to f_two when employees > 9 }
  stage f_two { owner sales  move to f_end when employees >= 5  move to f_one when employees > 9 }
  stage f_end { owner sales  final }
}
# no facts are needed
pipeline g_none {
  for leads where customer
  stage g_one { owner marketing  move to g_two when title is missing }
#                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ E0611 a lead with customer true would go round `g_one`, `g_two` at one instant
  stage g_two { owner sales  move to g_one when title is missing  move to g_end when consent }
  stage g_end { owner sales  final }
}
# the hand-over holds one of the moves
pipeline h_held {
  for leads where customer
  stage h_one { owner marketing  move to h_two when consent }
  stage h_two { owner sales  move to h_one when consent  move to h_end when employees > 5 }
  stage h_end { owner sales  final }
}
handoff h_one to h_two { need employees > 100 }
handoff h_two to h_one { need employees < 50 }
