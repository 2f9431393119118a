activity visit
criteria empty { agreed by sales }
#        ^^^^^ E0501 `empty` asks nothing, so every lead would meet it
criteria nobody { need consent }
#        ^^^^^^ N0501 nobody agreed to `nobody`
criteria groups {
  agreed by sales
  any { need consent  not customer }
  any { }
# ^^^^^^^ E0501 this group asks nothing
  need visit in last 30 days as "came by"
  need empty and nobody
}
criteria a { agreed by sales need b }
#                                 ^ E0505 `a`, `b`, `points` ask for each other in a circle
criteria b { agreed by sales need points > 3 }
score points { give 3 when a  give 1 when groups }
criteria self { agreed by sales need not self }
#                                        ^^^^ E0505 `self` asks for itself
pipeline p {
  stage one { owner sales  move to two when self }
  stage two { owner sales  final }
}
