CREATE TABLE delayed_messages (
  place INTEGER NOT NULL PRIMARY KEY,
  expected_at INTEGER NOT NULL,
  interval_seconds INTEGER NOT NULL,
  id_high INTEGER NOT NULL,
  id_low INTEGER NOT NULL,
  topic TEXT NOT NULL,
  payload BLOB NOT NULL,
  qos INTEGER NOT NULL,
  retain INTEGER NOT NULL,
  properties BLOB NOT NULL,
  from_clientid TEXT NOT NULL,
  from_username TEXT,
  from_peerhost TEXT,
  published_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  expiry_is_default INTEGER NOT NULL
) STRICT;
