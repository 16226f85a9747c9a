create table contact (
  corp_id       bigint not null references corp on delete cascade,
  contact_id    bigint generated always as identity,
  name          text not null default '',
  avatar        text,
  gender        smallint not null default 0,   -- WeCom: 0 unknown, 1 male, 2 female
  kind          smallint not null default 1,   -- WeCom: 1 WeChat user, 2 WeCom user of another corp
  corp_name     text,
  position      text,
  first_added_at timestamptz,
  last_added_at timestamptz,                   -- of the follows that hold; of the lost ones when none holds
  followers     integer not null default 0,    -- follows that hold
  lost_at       timestamptz,                   -- when the last follow ended; null while one holds
  created_at    timestamptz not null,
  updated_at    timestamptz not null,
  primary key (corp_id, contact_id)
);
create index contact_newest on contact (corp_id, last_added_at desc, contact_id desc);
create index contact_lost on contact (corp_id, lost_at desc, contact_id desc) where lost_at is not null;

-- Who an outside identifier belongs to. Looked up, never joined (keys: reference of identities, one row each).
create table contact_identity (
  corp_id    bigint not null references corp on delete cascade,
  kind       text not null check (kind in ('external_userid', 'unionid')),
  value      text not null,
  contact_id bigint not null,
  created_at timestamptz not null,
  primary key (corp_id, kind, value)
);
create index contact_identity_contact on contact_identity (corp_id, contact_id);

create table follow (
  corp_id         bigint not null,
  contact_id      bigint not null,
  staff_id        bigint not null,
  remark          text not null default '',
  description     text not null default '',
  mobiles_sealed  bytea,
  mobiles_masked  text[] not null default '{}',
  add_way         integer not null default 0,
  state           text,                        -- the channel code's state this friend came through
  oper_userid     text,
  added_at        timestamptz not null,
  lost_at         timestamptz,
  lost_by         text check (lost_by in ('customer', 'staff', 'transfer', 'unknown')),
  asked_at        timestamptz not null default 'epoch', -- when WeCom was asked for what stands here: an older answer changes nothing
  updated_at      timestamptz not null,
  primary key (corp_id, contact_id, staff_id),
  foreign key (corp_id, contact_id) references contact on delete cascade
);
create index follow_staff on follow (corp_id, staff_id, added_at desc, contact_id desc);
create index follow_state on follow (corp_id, state, added_at desc) where state is not null;

create table sync_run (
  corp_id     bigint not null references corp on delete cascade,
  sync_run_id bigint generated always as identity,
  kind        text not null check (kind in ('full', 'reconcile')),
  state       text not null check (state in ('running', 'finished', 'failed', 'cancelled')),
  step        text not null,                   -- address_book, tags, customers
  cursor      jsonb not null,                  -- { userids, next }: the members whose customers are still to be read
  done        integer not null default 0,      -- members read
  total       integer,                         -- members to read
  rows_read   integer not null default 0,
  changes     jsonb not null default '{}',
  cause       text,
  started_at  timestamptz not null,
  beat_at     timestamptz not null,
  finished_at timestamptz,
  primary key (corp_id, sync_run_id)
);
create unique index sync_run_one on sync_run (corp_id) where state = 'running';

-- After a bulk load: the serving role owns no table and so may not ANALYZE one.
create function analyze_contacts() returns void language plpgsql security definer set search_path = public, pg_catalog as $$
begin
  analyze contact; analyze contact_identity; analyze follow;
end $$;
revoke all on function analyze_contacts() from public;
grant execute on function analyze_contacts() to siyu_app;
