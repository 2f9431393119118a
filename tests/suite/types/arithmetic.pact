# What arithmetic joins.
criteria c {
  agreed by sales
  need employees + title > 5
#      ^^^^^^^^^^^^^^^^^ E0307 `+` cannot join `employees`, a number, and `title`, a text
  need revenue + 5 > 5 USD
#                ^ E0304 `revenue` is money in USD, `5` is a number without a currency
  need revenue * 2 / 3 > 5 USD
  need revenue + budget > 5 USD
#                ^^^^^^ E0304 `revenue` is money in USD, `budget` is money in EUR
  need revenue / 1 USD > 5
  need employees / 0 > 5
#                  ^ E0307 nothing can be divided by zero
  need born + 3 > today
#      ^^^^^^^^ E0307 `+` cannot join `born`, a date, and `3`, a number
  need born + 3 days > today
  need today - born > 30 days
  need created - born > 3 days
#      ^^^^^^^^^^^^^^ E0307 `-` cannot join `created`, a time, and `born`, a date
  need 3 days + born > today
#      ^^^^^^^^^^^^^ E0307 `+` cannot join `3 days`, a duration, and `born`, a date
  need -title > 5
#      ^^^^^^ E0307 `-` needs a number, and `title` is a text
  need -employees > -5
  need round(employees) = 5
  need round(employees, 1, 2) = 5
#      ^^^^^^^^^^^^^^^^^^^^^^ E0308 `round` takes 1 or 2 values, and 3 are given
  need domain(5) = "x"
#             ^ E0308 `domain` takes a text, and `5` is a number
  need max(employees, 5) > 3
  need max(employees, revenue) > 3
#          ^^^^^^^^^ E0304 `revenue` is money in USD, `employees` is a number without a currency
  need year(born) > 1990 and weekday(created) <= 5
  need days_between(born, today) > 30
}
pipeline p {
  stage one { owner sales  move to two when c }
  stage two { owner sales  final }
}
