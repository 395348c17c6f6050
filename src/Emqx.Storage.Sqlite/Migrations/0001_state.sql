CREATE TABLE api_keys (
  name TEXT NOT NULL PRIMARY KEY,
  key TEXT NOT NULL,
  secret_salt BLOB NOT NULL,
  secret_hash BLOB NOT NULL,
  description TEXT NOT NULL,
  enable INTEGER NOT NULL,
  expires_at INTEGER,
  created_at INTEGER NOT NULL,
  from_bootstrap INTEGER NOT NULL
) STRICT;

CREATE TABLE dashboard_users (
  username TEXT NOT NULL PRIMARY KEY,
  description TEXT NOT NULL,
  password_salt BLOB NOT NULL,
  password_hash BLOB NOT NULL,
  iterations INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE tokens (
  token_hash TEXT NOT NULL PRIMARY KEY,
  username TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL
) STRICT;

CREATE TABLE bans (
  kind TEXT NOT NULL,
  who TEXT NOT NULL,
  by TEXT NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  until INTEGER,
  PRIMARY KEY (kind, who)
) STRICT;

CREATE TABLE alarms (
  id INTEGER NOT NULL PRIMARY KEY,
  node TEXT NOT NULL,
  name TEXT NOT NULL,
  message TEXT NOT NULL,
  details TEXT NOT NULL,
  activated_at INTEGER NOT NULL,
  deactivated_at INTEGER
) STRICT;

CREATE TABLE monitor_samples (
  at INTEGER NOT NULL PRIMARY KEY,
  received INTEGER NOT NULL,
  sent INTEGER NOT NULL,
  dropped INTEGER NOT NULL,
  persisted INTEGER NOT NULL,
  validation_succeeded INTEGER NOT NULL,
  validation_failed INTEGER NOT NULL,
  transformation_succeeded INTEGER NOT NULL,
  transformation_failed INTEGER NOT NULL,
  connections INTEGER NOT NULL,
  live_connections INTEGER NOT NULL,
  subscriptions INTEGER NOT NULL,
  subscriptions_durable INTEGER NOT NULL,
  subscriptions_ram INTEGER NOT NULL,
  disconnected_durable_sessions INTEGER NOT NULL,
  topics INTEGER NOT NULL
) STRICT;

CREATE TABLE settings (
  root TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
