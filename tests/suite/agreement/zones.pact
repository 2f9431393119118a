pact zones { parties marketing, sales  time zone "Europe/Istambul" }
#                                                ^^^^^^^^^^^^^^^^^ E0215 there is no time zone `Europe/Istambul`
calendar office { time zone "Mars/Base"  mon to fri 09:00 to 17:00 }
#                           ^^^^^^^^^^^ E0215 there is no time zone `Mars/Base`
