-- The serving role: owns nothing, bound by row-level security. Connections of the API and the workers take it at start-up.
do $$
begin
  create role siyu_app nologin;
exception when duplicate_object or unique_violation then null;
end $$;
grant siyu_app to current_user;
grant usage on schema public to siyu_app;
alter default privileges in schema public grant select, insert, update, delete on tables to siyu_app;
alter default privileges in schema public grant usage on sequences to siyu_app;

-- The tenant of the running transaction; unset means no row is visible.
create function current_corp() returns bigint language sql stable parallel safe
  return nullif(current_setting('siyu.corp_id', true), '')::bigint;

-- Reference table, without row-level security: a callback or a sign-in must find its corp before it has one.
create table corp (
  corp_id      bigint generated always as identity primary key,
  name         text not null check (char_length(name) between 1 and 100),
  wecom_corpid text not null unique check (wecom_corpid ~ '^w[wx][0-9a-zA-Z]{10,40}$'),
  agent_id     integer not null,
  callback_key text not null unique check (char_length(callback_key) >= 32),
  simulated    boolean not null default false,
  default_welcome jsonb,
  created_at   timestamptz not null
);

create table corp_credential (
  corp_id     bigint not null references corp on delete cascade,
  kind        text not null check (kind in ('app_secret', 'contact_sync_secret', 'callback_token', 'callback_aes_key')),
  sealed      bytea not null,
  fingerprint text not null,
  updated_at  timestamptz not null,
  primary key (corp_id, kind)
);

-- Local table: access tokens and tickets, one row locked while one process refreshes it.
create table wecom_token (
  corp_id    bigint not null references corp on delete cascade,
  token_key  text not null,
  sealed     bytea,
  expires_at timestamptz,
  failures   integer not null default 0,
  retry_at   timestamptz,
  primary key (corp_id, token_key)
);

-- Local table: which job workers are alive. What a dead one had locked is given free (platform/jobs.ts).
create table job_worker (
  worker_id text primary key,
  beat_at   timestamptz not null
);

-- Integration health. A lane is one way data travels: callbacks, customers, welcome …
create table lane_state (
  corp_id         bigint not null references corp on delete cascade,
  lane            text not null,
  last_success_at timestamptz,
  last_failure_at timestamptz,
  lag_ms          integer,
  primary key (corp_id, lane)
);
create table lane_tick (
  corp_id   bigint not null references corp on delete cascade,
  lane      text not null,
  starts_at timestamptz not null,              -- half-hours
  succeeded integer not null default 0,
  failed    integer not null default 0,
  slow      integer not null default 0,
  primary key (corp_id, lane, starts_at)
);
create table lane_failure (
  corp_id     bigint not null references corp on delete cascade,
  failure_id  bigint generated always as identity,
  lane        text not null,
  cause       text not null,                   -- a stable code: wecom.60020, callback.unreadable, welcome.too_late …
  subject     text not null,                   -- what it happened to; one open failure per lane, cause and subject
  detail      jsonb not null,
  replay      jsonb,                           -- { job, payload } that tries it again; null: nothing to replay
  first_at    timestamptz not null,
  last_at     timestamptz not null,
  times       integer not null default 1,
  resolved_at timestamptz,
  primary key (corp_id, failure_id)
);
create unique index lane_failure_open on lane_failure (corp_id, lane, cause, subject) where resolved_at is null;
create index lane_failure_recent on lane_failure (corp_id, last_at desc, failure_id desc);
