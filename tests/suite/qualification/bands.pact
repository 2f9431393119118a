# Values, bands and grids.
activity visit
score fit 0 to 100 { give 90 when employees > 5 }
score risk -50 to 0 { take 5 per visit }
score odd 10 to -10 { give 5 * employees  give tags  give 2 * employees when employees is present  give 0.5 * fit }
#     ^^^ W0201 nothing uses the score `odd`
#         ^^^^^^^^^ E0502 no points lie from 10 to -10
#                              ^^^^^^^^^ E0309 `employees` may be missing, and then there are no points to count
#                                              ^^^^ E0312 `tags` is a list, and points are a number
value weighted = 0.6 * fit + risk
value itself = itself + 1
#              ^^^^^^ E0505 `itself` asks for itself
value a_value = b_value
#               ^^^^^^^ E0505 `a_value`, `b_value` ask for each other in a circle
value b_value = a_value
value broken = fti + 1
#     ^^^^^^ W0201 nothing uses the value `broken`
#              ^^^ E0201 there is no field `fti`
band heat of fit { warm >= 50  hot >= 80  otherwise cold }
#                              ^^^^^^^^^ E0506 no lead comes to be `hot`
band of_title of title { good >= 5  otherwise bad }
#    ^^^^^^^^ W0201 nothing uses the band `of_title`
#                ^^^^^ E0506 `title` is a text: it has no more and less
band empty of fit { otherwise all }
#    ^^^^^ W0201 nothing uses the band `empty`
#    ^^^^^ E0506 every lead would be `all`
band lost of fit { hot >= 80 }
#    ^^^^ W0201 nothing uses the band `lost`
#    ^^^^ E0506 `lost` does not say what all other leads are
band rows of fit { hot -> a, b  otherwise cold }
#    ^^^^ W0201 nothing uses the band `rows`
#                  ^^^^^^^^^^^ E0506 a row needs columns
band grade of fit { a >= 75  b >= 50  otherwise c }
band wrong of grade by heat { a -> x, y, z  b -> x, y  d -> x, y, z  b -> x, y, z  hot >= 5 }
#    ^^^^^ E0506 there is no row for `c`
#                                           ^^^^^^^^^ E0506 this row has 2 words for 3 columns
#                                                      ^ E0203 `grade` has no band `d`
#                                                                    ^^^^^^^^^^^^ E0202 `b` has its row
#                                                                                  ^^^^^^^^ E0506 `hot` is no row
band not_bands of fit by employees { a -> x }
#    ^^^^^^^^^ W0201 nothing uses the band `not_bands`
#                 ^^^ E0506 `fit` is a score, not a band
#                        ^^^^^^^^^ E0506 `employees` is a field, not a band
band with_text of employees { many >= "ten"  otherwise few }
#    ^^^^^^^^^ W0201 nothing uses the band `with_text`
#                                     ^^^^^ E0312 `ten` is a text, and a number is needed
criteria asks {
#        ^^^^ W0201 nothing uses the criteria `asks`
  agreed by marketing, sales
  need heat = lukewarm
#             ^^^^^^^^ E0203 `lukewarm` is none of the words here
  need heat > cold
#      ^^^^ E0303 `heat` is a word out of a few, which has no order
  need any of tags in "a", 5
#                          ^ E0301 `tags` is a text, `5` is a number
  need any of title in "a"
#             ^^^^^ E0301 `title` is no list, so there are no values to ask
  need any of tags
#      ^^^^^^^^^^^ E0204 this does not say what is asked of the values
  need weighted >= 5 and grade in a, b and wrong = x
}
