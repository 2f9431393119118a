-- which leads were ever said to hold a value by which leads are recognised, and since when; whether each is among the first
-- so many, so that the value tells who it is. The value itself is not stored.
-- {text} is as in the first step
CREATE TABLE holders (
  value {text} NOT NULL,
  lead  {text} NOT NULL,
  since BIGINT NOT NULL,
  tells BIGINT NOT NULL,
  PRIMARY KEY (value, lead)
);
CREATE INDEX holders_since ON holders (value, since, lead);
CREATE INDEX holders_tells ON holders (value, lead) WHERE tells = 1;
CREATE INDEX holders_lead ON holders (lead);
