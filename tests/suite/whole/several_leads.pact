lead { id text key }
lead { name text }
#^^^^^^^^^^^^^^^^^ E0211 a pact has one `lead`, and here is a second
