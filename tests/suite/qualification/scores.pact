activity visit { pages integer? }
score fit 100 to 0 "Fit" {
#         ^^^^^^^^ E0502 no points lie from 100 to 0
  give 0 when consent
#      ^ W0501 0 points change nothing
  give 5 per visit in last 30 days, at most 0
#                                           ^ E0503 a cap of 0 leaves no points
  together at most 0 { give 3 when consent }
#                  ^ E0503 a cap of 0 leaves no points
  fade 0% every 30 days
#      ^^ E0504 `0%` is no part of the points
  fade 50% every 10 days
# ^^^^^^^^^^^^^^^^^^^^^^ E0601 `fade` stands here a second time
}
score rich {
  take 5 when not consent
  fade 50% every 30 days
# ^^^^^^^^^^^^^^^^^^^^^^ W0502 nothing here fades
}
score slow {
  give 3 per visit where pages > 3
  give 1 if any visit in last 2 weeks
  fade 10% every 5 business days
#                ^^^^^^^^^^^^^^^ E0504 points fade in elapsed time, not in business time
  agreed by nobody
#           ^^^^^^ E0201 there is no party `nobody`
}
criteria c { agreed by sales need fit + rich + slow > 10 }
pipeline p {
  stage one { owner sales  move to two when c }
  stage two { owner sales  final }
}
