-- A second factor for accounts with a password, and when each session's person last proved himself.
alter table account
  add column totp_sealed bytea,               -- the secret; kept from the moment it is shown
  add column totp_on_at  timestamptz,         -- null: not confirmed by a first code yet
  add column totp_step   bigint not null default 0; -- the last 30-second step whose code was taken: none is taken twice
create table recovery_code (
  account_id bigint not null references account on delete cascade,
  code_hash  bytea not null,                   -- sha-256 of a random code
  used_at    timestamptz,
  primary key (account_id, code_hash)
);
alter table session add column proved_at timestamptz;
update session set proved_at = created_at;
alter table session alter column proved_at set not null;
