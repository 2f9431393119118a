# What becomes of live leads when the pact changes.
lead { id text key  consent bool }
pipeline demand {
  stage inquiry { owner sales  move to won when consent }
  stage won { owner sales  final }
}
migrate {
  stage mql, sal to inqiry
#                   ^^^^^^ E0201 there is no stage `inqiry`
  stage inquiry to won
#       ^^^^^^^ E0807 the pact still has the stage `inquiry`, so its leads stay in it
  stage lost to won
  pipeline demand to demand
#          ^^^^^^ E0807 the pact still has the pipeline `demand`, so its leads stay in it
  pipeline inbound to supply
#                     ^^^^^^ E0201 there is no pipeline `supply`
  old promises hold
}
migrate {
  stage lost to inquiry
#       ^^^^ E0202 `lost` is declared twice
  new promises hold
# ^^^^^^^^^^^^^^^^^ E0601 `promises hold` stands here a second time
}
