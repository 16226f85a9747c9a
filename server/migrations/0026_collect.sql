-- What browsers and servers of a corp tell us. An event nobody vouches for says so.
alter table event add column trusted boolean not null default true;

-- Found by kind and time: home, losses, the catalogue, facts counted for the first time. The feed of what WeCom and people
-- did has an index of its own, so that page views, and visitors who turn out to be
-- somebody, neither stand in it nor have to be passed over.
drop index event_recent;
drop index event_losses;
create index event_kinds on event (corp_id, kind, at desc, event_id desc);
create index event_told on event (corp_id, at desc, event_id desc) where source not in ('api', 'tracker', 'import') and kind not in ('contact.merged', 'contact.parted');

-- Kinds of events a corp has declared beside those everybody has.
create table event_type (
  corp_id     bigint not null references corp on delete cascade,
  kind        text not null check (kind ~ '^[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39})?$'),
  title       text not null check (char_length(title) between 1 and 20),
  properties  jsonb not null,                  -- [{ name, title, type, required }]
  created_at  timestamptz not null,
  archived_at timestamptz,
  primary key (corp_id, kind)
);

-- Messages taken in the last days, each once however often it is sent: its instant and person may read otherwise the next time.
create table collected_message (
  corp_id    bigint not null references corp on delete cascade,
  message_id uuid not null,                    -- of its hash
  arrived_at timestamptz not null,
  primary key (corp_id, message_id)
);
create index collected_message_arrived on collected_message using brin (arrived_at);

-- Looked up by its hash before a corp is known; the key itself is shown once and kept nowhere.
create table api_key (
  corp_id         bigint not null references corp on delete cascade,
  key_id          bigint generated always as identity,
  name            text not null check (char_length(name) between 1 and 30),
  kind            text not null check (kind in ('server', 'web')), -- server: secret, believed; web: stands in pages, believed nothing
  hash            bytea not null unique,
  hint            text not null,               -- its last four characters
  allowed_origins text[] not null default '{}', -- of a web key
  created_by      text not null,
  created_at      timestamptz not null,
  last_used_at    timestamptz,
  revoked_at      timestamptz,
  primary key (corp_id, key_id)
);

do $$
declare t text;
begin
  foreach t in array array['event_type', 'collected_message'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy of_corp on %I to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()))', t);
  end loop;
end $$;
