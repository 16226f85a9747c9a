-- Guesses are counted by what was typed, whether such an account exists or not: a lock tells nobody which logins are real.
create table sign_in_try (
  login_hash   bytea primary key,              -- sha-256 of the login as typed
  failures     integer not null,
  locked_until timestamptz,
  tried_at     timestamptz not null
);
alter table account drop column failures, drop column locked_until;

-- Before the first corp is connected its administrator signs in to none.
alter table session alter column corp_id drop not null;
