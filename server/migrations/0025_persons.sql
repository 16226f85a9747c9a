-- A person is known by more than WeCom's ids. Each identifier says how far it is to be believed, and two contacts who turn
-- out to be one person become one, for thirty days revocably.
alter table contact_identity
  drop constraint contact_identity_kind_check,
  add constraint contact_identity_kind_check
    check (kind in ('external_userid', 'unionid', 'openid', 'phone', 'member', 'buyer', 'device')), -- openid: appid:openid; phone: its keyed mark; buyer: platform:id
  add column trust smallint not null default 2 check (trust between 0 and 2), -- 2 told by the platform or a server's key, 1 typed by the person, 0 a device
  add column hint  text;                       -- what may be shown of a value that is kept as a mark

-- Names the root, never a chain. Journal rows stay with the id they came with.
alter table contact add column merged_into bigint;
create index contact_merged on contact (corp_id, merged_into) where merged_into is not null;

-- Who became part of whom, and what moved: the whole of what undoing takes back.
create table contact_merge (
  corp_id    bigint not null references corp on delete cascade,
  contact_id bigint not null,                  -- who is no longer shown on his own
  merge_id   bigint generated always as identity,
  into_id    bigint not null,
  why        text not null check (why in ('identified', 'review')),
  actor      text,                             -- who decided; null: the rules of identities
  moved      jsonb not null,                   -- { identities: [{ kind, value }], fields: [{ id, value }], notes: [id], contacts: [id] }
  at         timestamptz not null,
  undone_at  timestamptz,
  undone_by  text,
  primary key (corp_id, contact_id, merge_id),
  foreign key (corp_id, contact_id) references contact on delete cascade
);
create index contact_merge_into on contact_merge (corp_id, into_id, at desc);

-- Two who may be one person, where the rules do not say so by themselves: a person decides, once.
create table merge_review (
  corp_id    bigint not null references corp on delete cascade,
  contact_id bigint not null,
  other_id   bigint not null,
  met        jsonb not null,                   -- identifiers of one event that led to both: [{ kind, shown, trust }]
  state      text not null check (state in ('open', 'merged', 'apart')),
  created_at timestamptz not null,
  decided_at timestamptz,
  decided_by text,
  primary key (corp_id, contact_id, other_id),
  check (contact_id < other_id),
  foreign key (corp_id, contact_id) references contact on delete cascade
);
create index merge_review_other on merge_review (corp_id, other_id);
create index merge_review_open on merge_review (corp_id, created_at desc, contact_id desc, other_id desc) where state = 'open';

do $$
declare t text;
begin
  foreach t in array array['contact_merge', 'merge_review'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy of_corp on %I to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()))', t);
  end loop;
end $$;
