-- Work on many customers at once, as a job that can be left, cancelled and undone.
create table bulk_run (
  corp_id     bigint not null references corp on delete cascade,
  bulk_run_id bigint generated always as identity,
  kind        text not null check (kind in ('tag', 'undo', 'import')),
  state       text not null check (state in ('waiting', 'running', 'done', 'cancelled', 'failed')),
  filter      jsonb,                           -- which customers: all that match,
  contact_ids bigint[],                        -- or those picked one by one
  of_run_id   bigint,                          -- or, for an undo, those that run changed
  file_name   text,                            -- or, for an import, those of a file
  add_ids     bigint[] not null default '{}',  -- tags
  remove_ids  bigint[] not null default '{}',
  scope       bigint[],                        -- whose customers the actor could act on when it began; null: the corp's
  account_id  bigint not null,
  actor       text not null,
  total       integer not null,
  done        integer not null default 0,      -- customers gone through
  changed     integer not null default 0,      -- of them
  skipped     jsonb not null default '{}',     -- how many of the others, by reason
  cursor      bigint not null default 0,       -- the last contact gone through
  upto        bigint not null,                 -- who comes later is not in it
  cause       text,
  created_at  timestamptz not null,
  started_at  timestamptz,
  ended_at    timestamptz,
  undone_at   timestamptz,                     -- when its undoing began
  primary key (corp_id, bulk_run_id)
);
create index bulk_run_open on bulk_run (corp_id) where state in ('waiting', 'running');

-- What a run really changed, with what stood there before: the whole of what its undoing takes back.
create table bulk_change (
  corp_id     bigint not null,
  bulk_run_id bigint not null,
  contact_id  bigint not null,
  staff_id    bigint not null,
  tag_id      bigint not null,
  way         text not null check (way in ('added', 'removed')),
  was         jsonb,                           -- of a removed tag: { source, reason, addedAt }
  at          timestamptz not null,
  primary key (corp_id, bulk_run_id, contact_id, staff_id, tag_id),
  foreign key (corp_id, bulk_run_id) references bulk_run on delete cascade,
  foreign key (corp_id, contact_id) references contact on delete cascade
);

-- Rows of an imported file: what is to be done for whom, or why a row was refused. What a refused row said is sealed, for
-- it may hold phone numbers; rows are deleted when a month old.
create table import_row (
  corp_id      bigint not null,
  bulk_run_id  bigint not null,
  contact_id   bigint not null default 0,       -- 0: nobody was found
  line         integer not null,
  add_ids      bigint[] not null default '{}',
  remove_ids   bigint[] not null default '{}',
  fields       jsonb not null default '{}',     -- value by contact_field_id
  reason       text,
  cells_sealed bytea,
  primary key (corp_id, bulk_run_id, contact_id, line),
  foreign key (corp_id, bulk_run_id) references bulk_run on delete cascade
);

-- The list's filters under a name: somebody's own, or shown to the whole corp. Whoever opens it sees his own scope's customers.
create table contact_view (
  corp_id         bigint not null references corp on delete cascade,
  contact_view_id bigint generated always as identity,
  account_id      bigint not null,             -- who made it
  name            text not null check (char_length(name) between 1 and 20),
  filter          jsonb not null,              -- as an address bar holds it
  shared          boolean not null default false,
  sort_order      integer not null,
  created_at      timestamptz not null,
  primary key (corp_id, contact_view_id),
  unique (corp_id, account_id, name)
);
create index contact_view_shared on contact_view (corp_id) where shared;

-- What somebody wrote down about a customer. In the journal too, as it was when written; here as it reads now.
create table contact_note (
  corp_id    bigint not null references corp on delete cascade,
  contact_id bigint not null,
  note_id    bigint generated always as identity,
  account_id bigint not null,
  author     text not null,
  text       text not null check (char_length(text) between 1 and 2000),
  created_at timestamptz not null,
  edited_at  timestamptz,
  primary key (corp_id, contact_id, note_id),
  foreign key (corp_id, contact_id) references contact on delete cascade
);

-- Fields a corp keeps of its customers beyond what WeCom knows.
create table contact_field (
  corp_id          bigint not null references corp on delete cascade,
  contact_field_id bigint generated always as identity,
  name             text not null check (char_length(name) between 1 and 20),
  kind             text not null check (kind in ('text', 'number', 'date', 'choice', 'choices')),
  options          text[] not null default '{}', -- of a choice; a value no longer among them stays where it stands
  sort_order       integer not null,
  created_at       timestamptz not null,
  deleted_at       timestamptz,
  primary key (corp_id, contact_field_id)
);
create unique index contact_field_name on contact_field (corp_id, name) where deleted_at is null;
create table contact_field_value (
  corp_id          bigint not null,
  contact_id       bigint not null,
  contact_field_id bigint not null,
  value            jsonb not null,              -- a string, a number, "2026-11-23", or an array of strings
  updated_at       timestamptz not null,
  primary key (corp_id, contact_id, contact_field_id),
  foreign key (corp_id, contact_id) references contact on delete cascade,
  foreign key (corp_id, contact_field_id) references contact_field on delete cascade
);
create index contact_field_value_field on contact_field_value (corp_id, contact_field_id, contact_id);

-- Losses are a thin part of the journal: found without walking the rest of it.
create index event_losses on event (corp_id, at desc, event_id desc) where kind = 'contact.lost';

-- Who may be one person twice: the same numbers in remarks, or the same name and face.
create index follow_mobiles on follow (corp_id, mobiles_mark, contact_id) where mobiles_mark is not null;
create index contact_face on contact (corp_id, (hashtextextended(avatar || name, 0)), contact_id) where avatar is not null and name <> '';

do $$
declare t text;
begin
  foreach t in array array['bulk_run', 'bulk_change', 'import_row', 'contact_view', 'contact_note', 'contact_field', 'contact_field_value'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy of_corp on %I to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()))', t);
  end loop;
end $$;
