-- Life cycle stages: where a customer stands on the company's way with him.
create table stage_flow (
  corp_id    bigint not null references corp on delete cascade,
  flow_id    bigint generated always as identity,
  name       text not null check (char_length(name) between 1 and 20),
  takes_new  boolean not null default false,   -- whoever becomes a customer begins in its first stage
  sort_order integer not null,
  created_at timestamptz not null,
  archived_at timestamptz,
  primary key (corp_id, flow_id)
);
create unique index stage_flow_name on stage_flow (corp_id, name) where archived_at is null;

create table stage (
  corp_id     bigint not null,
  stage_id    bigint generated always as identity,
  flow_id     bigint not null,
  name        text not null check (char_length(name) between 1 and 20),
  color       text not null,
  kind        text not null check (kind in ('open', 'won', 'lost')),
  sort_order  integer not null,
  remind_days smallint,                        -- so many working days, and whoever follows him is told;
  remind_of   text not null default 'stage' check (remind_of in ('stage', 'silence')), -- of the stage, or without a note
  head_days   smallint,                        -- so many more, and the head of his department is
  gate        jsonb not null,                  -- what must be so before a person moves somebody here: { fieldIds, tagIds, note }
  segment_id  bigint,                          -- whoever comes into this segment is moved here,
  back        boolean not null default false,  -- even from further on
  removed_at  timestamptz,
  removed_to  bigint,                          -- where its people go; null: out of the flow
  primary key (corp_id, stage_id),
  foreign key (corp_id, flow_id) references stage_flow on delete cascade
);
create unique index stage_name on stage (corp_id, flow_id, name) where removed_at is null;

-- Why customers are lost, in the corp's words.
create table lost_reason (
  corp_id        bigint not null references corp on delete cascade,
  lost_reason_id bigint generated always as identity,
  name           text not null check (char_length(name) between 1 and 20),
  sort_order     integer not null,
  removed_at     timestamptz,
  primary key (corp_id, lost_reason_id)
);
create unique index lost_reason_name on lost_reason (corp_id, name) where removed_at is null;

-- One stay of a customer in a stage: the whole history, and where he stands now (until is null).
create table stage_stay (
  corp_id        bigint not null,
  contact_id     bigint not null,
  stay_id        bigint generated always as identity,
  flow_id        bigint not null,
  stage_id       bigint not null,
  since          timestamptz not null,
  until          timestamptz,
  worked_ms      bigint,                       -- of it, in working hours as they were when it ended
  next_stage_id  bigint,                       -- null, though ended: he left the flow
  way            text not null check (way in ('added', 'hand', 'bulk', 'rule', 'removed')),
  actor          text,
  staff_id       bigint,
  reason         text not null default '',
  lost_reason_id bigint,
  bulk_run_id    bigint,
  due_at         timestamptz,                  -- when somebody is to be told next
  told_at        timestamptz,                  -- when whoever follows him was
  primary key (corp_id, contact_id, stay_id),
  foreign key (corp_id, contact_id) references contact on delete cascade,
  foreign key (corp_id, stage_id) references stage on delete cascade
);
create unique index stage_stay_open on stage_stay (corp_id, contact_id, flow_id) where until is null;
create index stage_stay_now on stage_stay (corp_id, stage_id, contact_id) where until is null;
create index stage_stay_due on stage_stay (corp_id, due_at) where due_at is not null;
create index stage_stay_began on stage_stay (corp_id, flow_id, since) include (contact_id, stage_id, next_stage_id, until, worked_ms, lost_reason_id);
create index stage_stay_bulk on stage_stay (corp_id, bulk_run_id, contact_id) where bulk_run_id is not null;

-- When the corp works, for what counts in working days. A corp without a row works Monday to Friday, nine to six.
create table stage_calendar (
  corp_id  bigint primary key references corp on delete cascade,
  calendar jsonb not null                      -- { weekdays, from, to, holidays, workdays }
);

-- What is still to be told, a row for each who is told.
create table stage_alert (
  corp_id    bigint not null,
  contact_id bigint not null,
  stay_id    bigint not null,
  staff_id   bigint not null,                  -- who is told
  about_id   bigint not null,                  -- who follows the customer
  batch      uuid,                             -- of one message, as in loss_alert
  created_at timestamptz not null,
  primary key (corp_id, contact_id, stay_id, staff_id),
  foreign key (corp_id, contact_id, stay_id) references stage_stay on delete cascade
);

alter table segment drop constraint segment_used_by_check;
alter table segment add check (used_by in ('people', 'tags', 'rfm', 'stages'));

-- Bulk runs that move customers to a stage, and what takes them back.
alter table bulk_run drop constraint bulk_run_kind_check;
alter table bulk_run add check (kind in ('tag', 'undo', 'import', 'stage', 'stage_undo'));
alter table bulk_run add column stage_id bigint, add column reason text not null default '', add column lost_reason_id bigint;

do $$
declare t text;
begin
  foreach t in array array['stage_flow', 'stage', 'lost_reason', 'stage_stay', 'stage_calendar', 'stage_alert'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy of_corp on %I to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()))', t);
  end loop;
end $$;
