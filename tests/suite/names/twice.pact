list a = "x"
list a = "y"
#    ^ E0202 `a` is declared twice
criteria c { agreed by sales need title in a }
pipeline p {
  stage one { owner sales  move to two when c }
  stage two { owner sales  final }
  stage two { owner sales  final }
#       ^^^ E0202 `two` is declared twice
}
