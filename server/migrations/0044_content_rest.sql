-- What of a PDF was read page by page, what happens to whoever reads enough, members named in notes, answers that are
-- erased or taken out as files, materials that are deleted, how much each brings.

alter table radar_view add column pages integer[] not null default '{}';   -- seconds by page, of a PDF
alter table radar_reader add column pages integer[] not null default '{}'; -- the same, of all he read of it
alter table radar_sum
  add column pages     integer[] not null default '{}',
  add column page_ends integer[] not null default '{}'; -- readings by the farthest page they came to

-- Whoever reads so much of a material is given points, and his member something to do. What has to be true is a segment
-- of its own, `used_by = 'radar'`.
create table radar_rule (
  corp_id       bigint not null references corp on delete cascade,
  radar_rule_id bigint generated always as identity,
  material_id   bigint,                            -- null: any
  asks          text not null check (asks in ('opens', 'seconds', 'depth', 'page', 'forwarded')),
  at_least      integer not null check (at_least >= 1),
  points        integer not null check (points between -100 and 100),
  task_title    text check (char_length(task_title) between 1 and 40), -- null: nothing to do
  task_note     text not null check (char_length(task_note) <= 500),
  task_hours    integer not null check (task_hours between 1 and 720),
  segment_id    bigint not null,
  account_id    bigint not null,                   -- in whose name tasks are given
  created_by    text not null,
  created_at    timestamptz not null,
  stopped_at    timestamptz,
  met           integer not null default 0,        -- how many customers so far; raised as they are
  primary key (corp_id, radar_rule_id)
);
create index radar_rule_segment on radar_rule (corp_id, segment_id);
create index radar_rule_newest on radar_rule (corp_id, material_id, radar_rule_id desc) where stopped_at is null;
-- Who met a rule, each once.
create table radar_rule_met (
  corp_id       bigint not null,
  radar_rule_id bigint not null,
  contact_id    bigint not null,
  met_at        timestamptz not null,
  primary key (corp_id, radar_rule_id, contact_id),
  foreign key (corp_id, radar_rule_id) references radar_rule on delete cascade
);
alter table segment drop constraint segment_used_by_check;
alter table segment add check (used_by in ('people', 'tags', 'rfm', 'stages', 'radar'));

-- Members named in a note, each told once, however often it is mended.
create table note_mention (
  corp_id    bigint not null,
  note_id    bigint not null,
  staff_id   bigint not null,
  contact_id bigint not null,                      -- whom it was about; he may have been merged since
  actor      text not null,                        -- who named him
  created_at timestamptz not null,
  batch      uuid,                                 -- of one message, as in loss_alert
  told_at    timestamptz,
  primary key (corp_id, note_id, staff_id),
  foreign key (corp_id, contact_id) references contact on delete cascade,
  foreign key (corp_id, staff_id) references staff on delete cascade
);
create index note_mention_untold on note_mention (corp_id, staff_id, batch) where told_at is null;

-- An answer that was erased leaves that it was given, and nothing of what it said nor of whom.
alter table form_answer add column erased_at timestamptz, add column erased_by text;
-- Lists that leave the house: of customers, or of one form's answers.
alter table contact_export add column form_id bigint;

alter table material add column deleted_at timestamptz, add column deleted_by text;
create index material_deleted on material (corp_id, deleted_at desc, material_id desc) where deleted_at is not null;

-- Who brought a file first, and how much one may bring in a day and a corp keep in all.
alter table media_asset add column brought_by bigint;
create index media_asset_brought on media_asset (corp_id, brought_by, created_at) include (size_bytes) where brought_by is not null;
alter table content_setting
  add column person_day_mb integer not null default 500 check (person_day_mb between 10 and 100000),
  add column corp_mb       integer not null default 20480 check (corp_mb between 100 and 10000000);

do $$
declare t text;
begin
  foreach t in array array['radar_rule', 'radar_rule_met', 'note_mention'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy of_corp on %I to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()))', t);
  end loop;
end $$;
