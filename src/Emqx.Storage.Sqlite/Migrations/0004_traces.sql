CREATE TABLE traces (
  name TEXT NOT NULL PRIMARY KEY,
  type TEXT NOT NULL,
  filter TEXT NOT NULL,
  payload_encode TEXT NOT NULL,
  formatter TEXT NOT NULL,
  start_at INTEGER NOT NULL,
  end_at INTEGER NOT NULL,
  enable INTEGER NOT NULL
) STRICT;
