# Characters that nobody sees, and those that scripts ask for.
# An override in a comment: ‮slaed wen‬
#                           ^ W0101 U+202E (right-to-left override) stands here, where nobody sees it; 3 more in this file
list countries = "TR​", "ES", "خانه‌ها", "שלום", "👩‍🚀", "ภาษา​ไทย"
criteria c "An escape [2J" { agreed by sales  need country in countries }
pipeline p {
  stage one { owner sales  move to two when c }
  stage two { owner sales  final }
}
