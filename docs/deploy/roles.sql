-- The three accounts of one council's database, and the database. Run once by the server's administrator:
--     psql -v database=scrutiny -v owner=scrutiny_owner -v application=scrutiny_app -v auditor=scrutiny_auditor \
--          -f roles.sql postgres
-- then give each a password, for instance with \password. What each may do in the database is said by
-- `manage.py database_roles`, which the owner applies after each `migrate`.

\set ON_ERROR_STOP on
SET password_encryption = 'scram-sha-256';

CREATE ROLE :"owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
CREATE ROLE :"application" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 60;
CREATE ROLE :"auditor" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 5;

CREATE DATABASE :"database" OWNER :"owner" ENCODING 'UTF8' TEMPLATE template0 LOCALE 'C.UTF-8';

-- A page that takes longer has gone wrong, and nobody may hold a lock and go away.
ALTER ROLE :"application" SET statement_timeout = '30s';
ALTER ROLE :"application" SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE :"application" SET lock_timeout = '10s';
ALTER ROLE :"auditor" SET default_transaction_read_only = on;
