create table department (
  corp_id       bigint not null references corp on delete cascade,
  department_id bigint not null,               -- WeCom's own number, stable inside a corp
  name          text not null,
  parent_id     bigint,
  sort_order    bigint not null default 0,     -- larger first, as WeCom has it
  deleted_at    timestamptz,
  primary key (corp_id, department_id)
);

create table staff (
  corp_id            bigint not null references corp on delete cascade,
  staff_id           bigint generated always as identity,
  userid             text not null,
  name               text not null,
  alias              text,
  avatar             text,
  position           text,
  status             smallint not null default 1,   -- WeCom: 1 active, 2 disabled, 4 not activated, 5 left
  main_department_id bigint,
  follows            boolean not null default false, -- may have customers (客户联系)
  left_at            timestamptz,
  updated_at         timestamptz not null,
  primary key (corp_id, staff_id)
);
create unique index staff_userid on staff (corp_id, lower(userid)); -- WeCom compares userids without case

create table staff_department (
  corp_id       bigint not null,
  staff_id      bigint not null,
  department_id bigint not null,
  is_leader     boolean not null default false,
  primary key (corp_id, staff_id, department_id),
  foreign key (corp_id, staff_id) references staff on delete cascade
);

-- Accounts and sessions are not a tenant's: one person may sign in to several corps.
create table account (
  account_id    bigint generated always as identity primary key,
  login         text unique,
  password_hash text,
  name          text not null,
  failures      integer not null default 0,
  locked_until  timestamptz,
  created_at    timestamptz not null
);
create table account_corp (
  account_id bigint not null references account on delete cascade,
  corp_id    bigint not null references corp on delete cascade,
  role       text not null check (role in ('admin', 'operator', 'manager', 'staff', 'compliance')),
  staff_id   bigint,
  primary key (account_id, corp_id)
);
create unique index account_corp_staff on account_corp (corp_id, staff_id) where staff_id is not null;
create table session (
  session_hash bytea primary key,              -- sha-256 of the cookie value
  account_id   bigint not null references account on delete cascade,
  corp_id      bigint not null references corp on delete cascade,
  created_at   timestamptz not null,
  seen_at      timestamptz not null,
  ip           text,
  user_agent   text,
  revoked_at   timestamptz
);
create index session_account on session (account_id);
create table sign_in_state (                   -- one OAuth round trip, single use, 10 minutes
  state_hash bytea primary key,
  corp_id    bigint not null references corp on delete cascade,
  expires_at timestamptz not null
);

create table audit_log (
  corp_id     bigint not null references corp on delete cascade,
  audit_id    bigint generated always as identity,
  at          timestamptz not null,
  account_id  bigint,
  actor       text not null,
  action      text not null,
  object_kind text not null,
  object_id   text,
  detail      jsonb not null,
  ip          text,
  request_id  text,
  primary key (corp_id, audit_id)
);
revoke update, delete on audit_log from siyu_app;
