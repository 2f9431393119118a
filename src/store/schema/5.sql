-- leads that changed, in the order in which they did: who keeps up something that is worked out of all leads reads on from
-- where it was
-- {text} is as in the first step
CREATE TABLE changes (
  n    BIGINT NOT NULL PRIMARY KEY,
  lead {text} NOT NULL
);
