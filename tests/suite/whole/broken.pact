# What is broken does not make its users wrong.
list good = 
#         ^ E0101 something is missing after `=`
criteria c { agreed by sales need title in good need revenue > 5 }
#        ^ W0201 nothing uses the criteria `c`
#                                                              ^ E0304 `revenue` is money in USD, `5` is a number without a currency
