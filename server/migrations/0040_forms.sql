-- Forms customers fill in: versions nobody changes, links by placement and member, answers.

create table form (
  corp_id       bigint not null references corp on delete cascade,
  form_id       bigint generated always as identity,
  title         text not null,                 -- of the draft
  state         text not null check (state in ('draft', 'open', 'closed')),
  draft         jsonb not null,                -- content/forms/schema.ts has its shape
  revision      integer not null default 1,    -- of the draft: who saves says which one he saw
  live_version  integer,
  live_revision integer,                       -- the draft that was published last
  answers       integer not null default 0,    -- taken so far; whoever takes one holds this row
  created_by    text not null,
  created_at    timestamptz not null,
  updated_at    timestamptz not null,
  primary key (corp_id, form_id)
);
create index form_newest on form (corp_id, updated_at desc, form_id desc);

create table form_version (
  corp_id      bigint not null,
  form_id      bigint not null,
  version      integer not null,
  content      jsonb not null,
  published_by text not null,
  published_at timestamptz not null,
  primary key (corp_id, form_id, version),
  foreign key (corp_id, form_id) references form on delete cascade
);
revoke update on form_version from siyu_app;

-- A link is opened before its corp is known. Half of the sha-256 of what stands in it: whoever reads the table opens none.
create table form_token (
  token_mark bytea primary key,
  corp_id    bigint not null references corp on delete cascade,
  link_id    bigint not null
);

create table form_link (
  corp_id      bigint not null,
  link_id      bigint generated always as identity,
  form_id      bigint not null,
  placement    text not null check (char_length(placement) between 1 and 20),
  staff_id     bigint,                         -- whose link it is; null: the shop's, for everybody
  token_sealed bytea not null,
  created_at   timestamptz not null,
  primary key (corp_id, link_id),
  foreign key (corp_id, form_id) references form on delete cascade
);
create unique index form_link_once on form_link (corp_id, form_id, placement, coalesce(staff_id, 0));

-- Who opened which link, each once: what the shares are counted from. A visitor is a mark of what WeCom told of him, or of his browser.
create table form_visit (
  corp_id      bigint not null,
  link_id      bigint not null,
  visitor      bytea not null,
  opened_at    timestamptz not null,
  started_at   timestamptz,
  submitted_at timestamptz,
  primary key (corp_id, link_id, visitor),
  foreign key (corp_id, link_id) references form_link on delete cascade
);

create table form_answer (
  corp_id      bigint not null,
  answer_id    bigint generated always as identity,
  form_id      bigint not null,
  version      integer not null,
  link_id      bigint not null,
  staff_id     bigint,                         -- whose link it was
  filler_id    bigint,                         -- the contact, where anybody knows: an answer may be nobody's
  known        boolean not null,               -- WeCom said who he is; else his own word alone
  visit_mark   bytea not null,                 -- of one opening of the page: answered once, however often it is sent
  visitor      bytea not null,
  answers      jsonb not null,                 -- by the field's key, without what is private
  sealed       bytea,                          -- what is: phone numbers, names, files
  consents     jsonb not null,                 -- [{ purpose, version }]: what was ticked, and the words it was ticked under
  seconds      integer not null,               -- from opening to sending
  submitted_at timestamptz not null,
  primary key (corp_id, answer_id),
  foreign key (corp_id, form_id, version) references form_version,
  foreign key (corp_id, link_id) references form_link
);
create unique index form_answer_visit on form_answer (corp_id, form_id, visit_mark);
create index form_answer_newest on form_answer (corp_id, form_id, answer_id desc);
create index form_answer_filler on form_answer (corp_id, filler_id) where filler_id is not null;

-- What somebody sent along; its bytes lie sealed under data/forms. Without an answer it goes after a day.
create table form_file (
  corp_id    bigint not null,
  file_id    uuid not null,
  form_id    bigint not null,
  answer_id  bigint,
  visit_mark bytea not null,
  field      text not null,
  mime       text not null,
  size_bytes integer not null,
  created_at timestamptz not null,
  primary key (corp_id, file_id),
  foreign key (corp_id, form_id) references form on delete cascade
);
create index form_file_visit on form_file (corp_id, visit_mark);
create index form_file_loose on form_file (corp_id, created_at) where answer_id is null;

-- How often somebody did what has an end: answers of a person, answers and files of a browser or an address in an hour.
create table form_count (
  corp_id bigint not null,
  form_id bigint not null,
  mark    bytea not null,
  n       integer not null,
  until   timestamptz,                         -- null: for ever
  primary key (corp_id, form_id, mark),
  foreign key (corp_id, form_id) references form on delete cascade
);
create index form_count_until on form_count (corp_id, until) where until is not null;

-- What members are still to be told.
create table form_alert (
  corp_id    bigint not null references corp on delete cascade,
  alert_id   bigint generated always as identity,
  staff_id   bigint not null,
  form_id    bigint not null,
  filler_id  bigint,
  what       text not null check (what in ('opened', 'submitted')),
  answer_id  bigint,
  created_at timestamptz not null,
  batch      uuid,
  primary key (corp_id, alert_id)
);
create index form_alert_staff on form_alert (corp_id, staff_id);

do $$
declare t text;
begin
  foreach t in array array['form', 'form_version', 'form_link', 'form_visit', 'form_answer', 'form_file', 'form_count', 'form_alert'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy of_corp on %I to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()))', t);
  end loop;
end $$;
