-- Local queue: what arrived in the same few milliseconds, written as one sealed row. Once it is committed, WeCom is told
-- 200. Unpacked into the inbox at once, by whichever worker is free.
create table callback_batch (
  batch_id    bigint generated always as identity primary key,
  sealed      bytea not null,
  size        integer not null,
  received_at timestamptz not null
);

-- Local queue: callbacks to work through, each text once. Body sealed with the installation's key.
create table callback_inbox (
  inbox_id    bigint generated always as identity primary key,
  corp_id     bigint not null references corp on delete cascade,
  plain_hash  bytea not null,                  -- sha-256 of the decrypted text: a retry may carry a new nonce and cipher
  kind        text not null,                   -- Event.ChangeType, or MsgType
  lane_key    bigint not null,                 -- hash of the subject: one subject is worked through in order
  sealed      bytea not null,
  received_at timestamptz not null,
  state       text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'unknown_kind', 'dead')),
  attempts    integer not null default 0,
  lease_until timestamptz,
  not_before  timestamptz,
  cause       text,
  done_at     timestamptz
);
create unique index callback_inbox_plain on callback_inbox (corp_id, plain_hash);
create index callback_inbox_open on callback_inbox (inbox_id) where state in ('waiting', 'running');
create index callback_inbox_lane on callback_inbox (corp_id, lane_key, inbox_id) where state in ('waiting', 'running');
create index callback_inbox_dead on callback_inbox (corp_id, inbox_id) where state = 'dead';
create index callback_inbox_received on callback_inbox (received_at);

-- The journal. event_id is derived from an idempotency key, so a repeat meets the primary key.
create table event (
  corp_id     bigint not null,
  contact_id  bigint not null,
  at          timestamptz not null,
  event_id    uuid not null,
  kind        text not null,
  staff_id    bigint,
  source      text not null,                   -- callback, sync, console, system, landing
  props       jsonb not null,
  recorded_at timestamptz not null,
  primary key (corp_id, contact_id, at, event_id)
) partition by range (at);
create table event_default partition of event default;
create index event_recent on event (corp_id, at desc, event_id desc);
