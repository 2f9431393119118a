-- leads of which it was told that they became part of another, so that they are lived together; {text} is as in step 1
CREATE TABLE merges (
  lead  {text} NOT NULL,
  into_ {text} NOT NULL,
  PRIMARY KEY (lead, into_)
);
CREATE INDEX merges_into ON merges (into_, lead);
