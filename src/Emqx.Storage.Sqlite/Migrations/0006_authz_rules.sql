CREATE TABLE authz_rules (
  kind TEXT NOT NULL,
  who TEXT NOT NULL,
  rules TEXT NOT NULL,
  PRIMARY KEY (kind, who)
) STRICT, WITHOUT ROWID;
