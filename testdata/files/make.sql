-- Makes the Parquet files of this folder: run it with DuckDB, in this folder.
SET preserve_insertion_order = true;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');

-- Every type that DuckDB writes, and rows that are NULL in all of them.
CREATE TABLE everything AS SELECT
  i AS id,
  (i * 40)::TINYINT AS tiny, (i * 9000)::SMALLINT AS small, (i * 700000000)::INTEGER AS int, i * 3000000000000000000 AS big,
  (abs(i) * 80)::UTINYINT AS utiny, (abs(i) * 20000)::USMALLINT AS usmall, (abs(i) * 1400000000)::UINTEGER AS uint,
  (abs(i)::HUGEINT * 6000000000000000000)::UBIGINT AS ubig, i::HUGEINT * 100000000000000000000 AS huge,
  (CASE i WHEN -2 THEN 'nan' WHEN -1 THEN '-inf' WHEN 0 THEN '-0.0' WHEN 1 THEN '0.1' WHEN 2 THEN 'inf' ELSE '3.25' END)::FLOAT AS real,
  (CASE i WHEN -2 THEN '-inf' WHEN -1 THEN '-0.0' WHEN 0 THEN '0.1' WHEN 1 THEN 'nan' WHEN 2 THEN 'inf' ELSE '1e300' END)::DOUBLE AS dbl,
  (i / 7)::DECIMAL(4, 1) AS dec4, (i / 7)::DECIMAL(9, 3) AS dec9, (i / 7)::DECIMAL(18, 6) AS dec18,
  (i::DECIMAL(38, 2) * 123456789012345678901234567890) AS dec38,
  CASE i WHEN 0 THEN '' WHEN 1 THEN 'naïve 日本' WHEN 2 THEN 'a, "b"' ELSE 'text ' || i END AS txt,
  CASE i WHEN 0 THEN '' WHEN 1 THEN '\x00\xff' ELSE 'blob' END::BLOB AS bin,
  i % 2 = 0 AS flag, DATE '1969-12-30' + i::INTEGER AS day, TIME '12:34:56.789012' + to_seconds(i) AS tod,
  TIMESTAMP '1969-12-31 23:59:59.123456' + to_seconds(i) AS ts,
  (TIMESTAMP '1969-12-31 23:59:59' + to_seconds(i))::TIMESTAMP_S AS ts_s,
  (TIMESTAMP '2014-08-22 17:01:26.375' + to_hours(i))::TIMESTAMP_MS AS ts_ms,
  make_timestamp_ns(1408726886375374738 + i) AS ts_ns,
  (TIMESTAMP '2014-08-22 17:01:26.375374' + to_hours(i)) AT TIME ZONE 'UTC' AS ts_tz,
  to_milliseconds(abs(i) * 90061001) AS span, ('00112233-4455-6677-8899-aabbccddee' || lpad((i + 2)::VARCHAR, 2, '0'))::UUID AS uid,
  (CASE abs(i) WHEN 0 THEN 'sad' WHEN 1 THEN 'ok' ELSE 'happy' END)::mood AS mood,
  CASE i WHEN 0 THEN [] WHEN 1 THEN [NULL] ELSE [i, NULL, i + 1] END AS list,
  CASE i WHEN 0 THEN [[]] WHEN 1 THEN [NULL, ['x']] ELSE [['a', NULL], [], ['b']] END AS lists,
  {'x': i, 'y': CASE WHEN i > 0 THEN 'y' || i END} AS pair,
  [{'k': i, 'v': [i, i * 2]}, NULL, {'k': NULL, 'v': []}] AS deep,
  {'a': {'b': {'c': CASE WHEN i > 0 THEN [{'d': i}] END}}} AS deeper
FROM range(-2, 4) t(i);

INSERT INTO everything (id) VALUES (10), (11), (12);
COPY (FROM everything ORDER BY id % 4, id) TO 'everything.parquet';
COPY (FROM everything LIMIT 0) TO 'empty.parquet';

-- Several row groups; texts that repeat and texts that do not.
CREATE TABLE steps AS SELECT i AS id, i // 1000 AS thousand, 'name ' || i % 7 AS name,
  CASE WHEN i % 5 = 0 THEN NULL ELSE 'u' || i * 7919 % 10007 END AS uniq,
  CASE WHEN i % 3 = 0 THEN [] ELSE range(i % 4) END AS list, {'half': i / 2, 'odd': CASE WHEN i % 2 = 1 THEN i END} AS parts
FROM range(5000) t(i);
COPY steps TO 'steps.parquet' (ROW_GROUP_SIZE 2048, CODEC zstd);
