# Names that can be taken for each other, and two ways to write one letter, which are one name.
list fırsat = "x"
list şehir = "x"
criteria qualified { agreed by sales  need country in şehir  need title in fırsat }
criteria qua1ified { agreed by sales  need title is present }
#        ^^^^^^^^^ W0202 `qua1ified` looks like `qualified`, and is another name
criteria сonsent { agreed by sales  need consent }
#                                        ^^^^^^^ W0202 `consent` looks like `сonsent`, and is another name: `с` is U+0441
pipeline p {
  stage one { owner sales  move to two when qualified and qua1ified and сonsent }
  stage two { owner sales  final }
}
