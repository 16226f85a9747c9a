-- One code for each of many people, for one activity, made in one go.
create table code_batch (
  corp_id       bigint not null references corp on delete cascade,
  code_batch_id bigint generated always as identity,
  activity      text not null,
  name_template text not null,
  skipped       jsonb not null default '[]',   -- who was picked and got none: [{ staffId, reason }]
  account_id    bigint,
  actor         text not null,
  created_at    timestamptz not null,
  cancelled_at  timestamptz,                   -- what WeCom had not been asked for by then is not made
  undone_at     timestamptz,                   -- codes nobody had come through by then are taken back
  primary key (corp_id, code_batch_id)
);
alter table code_batch enable row level security;
alter table code_batch force row level security;
create policy of_corp on code_batch to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()));

alter table channel_code
  add column code_batch_id     bigint,
  add column activity          text,           -- of its batch
  add column activity_staff_id bigint,         -- whose code of that activity it is
  -- Taken back: shown nowhere and no longer made in WeCom, yet whoever still comes by its state is greeted and counted.
  -- While asked_at stands the way may still be there.
  add column removed_at        timestamptz,
  -- Welcomes tried against each other in place of `welcome`: [{ weight, welcome }], and since when these stand.
  add column welcome_variants  jsonb not null default '[]',
  add column variants_since    timestamptz,
  add foreign key (corp_id, code_batch_id) references code_batch (corp_id, code_batch_id);
-- Refuses a second code of one activity for the same person, also to two who begin at the same moment.
create unique index channel_code_activity on channel_code (corp_id, activity, activity_staff_id) where removed_at is null;
create index channel_code_batch on channel_code (corp_id, code_batch_id) where code_batch_id is not null;
create index channel_code_leaving on channel_code (corp_id) where removed_at is not null and asked_at is not null;

-- Which variant a new friend was to be told, and how that ended; the first time of each trial counts.
create table welcome_trial (
  corp_id         bigint not null,
  channel_code_id bigint not null,             -- whose welcome it is; a placement's friends are its code's
  since           timestamptz not null,        -- channel_code.variants_since: another wording is another trial
  contact_id      bigint not null,
  staff_id        bigint not null,             -- 0: nobody we know
  variant         smallint not null,
  outcome         text not null check (outcome in ('sent', 'refused', 'late', 'unknown')),
  at              timestamptz not null,
  primary key (corp_id, channel_code_id, since, contact_id),
  foreign key (corp_id, channel_code_id) references channel_code on delete cascade,
  foreign key (corp_id, contact_id) references contact on delete cascade
);
alter table welcome_trial enable row level security;
alter table welcome_trial force row level security;
create policy of_corp on welcome_trial to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()));
