# A value where a condition is needed.
criteria c {
  agreed by sales
  need "TR"
#      ^^^^ E0302 `"TR"` is a text, not a condition
  need title
#      ^^^^^ E0302 `title` is a text, not a condition
  need employees
#      ^^^^^^^^^ E0302 `employees` is a number, not a condition
  need revenue
#      ^^^^^^^ E0302 `revenue` is money in USD, not a condition
  need lead_source
#      ^^^^^^^^^^^ E0302 `lead_source` is a word out of a few, not a condition
  need tags
#      ^^^^ E0302 `tags` is a list, not a condition
  need created
#      ^^^^^^^ E0302 `created` is a time, not a condition
  need not employees
#          ^^^^^^^^^ E0302 `employees` is a number, not a condition
  need consent and title
#                  ^^^^^ E0302 `title` is a text, not a condition
  need 5
#      ^ E0302 `5` is a number, not a condition
  need consent is met or title is present
}
pipeline p {
  for leads where c
#                 ^ E0309 `c` may be unknown, and each lead needs a pipeline
  stage one { owner sales  move to two when c }
  stage two { owner sales  final }
}
