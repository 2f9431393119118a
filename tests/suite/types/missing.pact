# Which pipeline a lead goes through must be known for every lead.
criteria rich { agreed by sales need revenue > 5M USD }
pipeline a {
  for leads where employees > 5
#                 ^^^^^^^^^ E0309 `employees` may be missing, and each lead needs a pipeline
  stage one { owner sales final }
}
pipeline b {
  for leads where employees is present and employees > 5
  stage two { owner sales final }
}
pipeline c {
  for leads where employees is missing or employees > 5
  stage three { owner sales final }
}
pipeline d {
  for leads where (employees if missing 0) > 5 and not customer
  stage four { owner sales final }
}
pipeline e {
  for leads where rich
#                 ^^^^ E0309 `rich` may be unknown, and each lead needs a pipeline
  stage five { owner sales final }
}
pipeline f {
  for leads where rich is met
  stage six { owner sales final }
}
