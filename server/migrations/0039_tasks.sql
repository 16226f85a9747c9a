-- What members are to do for customers.
create table work_card (                           -- 工作卡片: one thing asked of many at once
  corp_id        bigint not null references corp on delete cascade,
  work_card_id   bigint generated always as identity,
  title          text not null check (char_length(title) between 1 and 40),
  note           text not null check (char_length(note) <= 500),
  say            text not null check (char_length(say) <= 500),      -- what to say, ready to be sent
  coupon         text not null check (char_length(coupon) <= 60),    -- what may be given away with it
  due_at         timestamptz not null,
  remind_minutes integer check (remind_minutes between 0 and 10080), -- so long before it is due; null: no reminder
  choice         text not null check (choice in ('longest', 'each')), -- of several members who follow him: one, or all of them
  staff_id       bigint,                           -- this one alone
  account_id     bigint not null,
  actor          text not null,
  created_at     timestamptz not null,
  withdrawn_at   timestamptz,
  primary key (corp_id, work_card_id)
);

create table task (
  corp_id        bigint not null references corp on delete cascade,
  task_id        bigint generated always as identity,
  staff_id       bigint not null,                  -- who is to do it
  contact_id     bigint,                           -- for whom
  work_card_id   bigint,
  bulk_run_id    bigint,
  title          text not null check (char_length(title) between 1 and 40),
  note           text not null check (char_length(note) <= 500),
  due_at         timestamptz not null,
  remind_minutes integer check (remind_minutes between 0 and 10080),
  state          text not null check (state in ('open', 'done', 'skipped', 'cancelled')),
  outcome        text not null default '' check (char_length(outcome) <= 200),
  ended_at       timestamptz,
  ended_by       text,
  account_id     bigint not null,
  actor          text not null,                    -- who asked for it
  by_other       boolean not null,                 -- somebody else than who is to do it
  created_at     timestamptz not null,
  tell_at        timestamptz,                      -- when somebody is to be told next
  told           smallint not null default 0,      -- 0 nobody yet, 1 who is to do it, 2 his head
  primary key (corp_id, task_id),
  foreign key (corp_id, staff_id) references staff on delete cascade,
  foreign key (corp_id, contact_id) references contact on delete cascade,
  foreign key (corp_id, work_card_id) references work_card on delete cascade
);
create index task_open on task (corp_id, staff_id, due_at, task_id) where state = 'open';
create index task_due on task (corp_id, due_at, task_id) where state = 'open';
create index task_ended on task (corp_id, ended_at, task_id) where ended_at is not null;
create index task_contact on task (corp_id, contact_id, task_id) where contact_id is not null;
create index task_tell on task (corp_id, tell_at) where tell_at is not null;
create index task_run on task (corp_id, bulk_run_id, contact_id) where bulk_run_id is not null;
-- A card asks a member once for a customer, however often its run is begun again.
create unique index task_of_card on task (corp_id, work_card_id, contact_id, staff_id) where work_card_id is not null;

-- How far each member is with a card: moved by the statement that moves the task.
create table work_card_staff (
  corp_id      bigint not null,
  work_card_id bigint not null,
  staff_id     bigint not null,
  open         integer not null default 0,
  done         integer not null default 0,
  skipped      integer not null default 0,
  cancelled    integer not null default 0,
  primary key (corp_id, work_card_id, staff_id),
  foreign key (corp_id, work_card_id) references work_card on delete cascade
);

-- What is still to be told, a row for each who is told.
create table task_alert (
  corp_id    bigint not null,
  task_id    bigint not null,
  staff_id   bigint not null,
  what       text not null check (what in ('new', 'due', 'late')),
  batch      uuid,                                 -- of one message, as in loss_alert
  created_at timestamptz not null,
  primary key (corp_id, task_id, staff_id, what),
  foreign key (corp_id, task_id) references task on delete cascade
);
create index task_alert_batch on task_alert (corp_id, staff_id, batch);

alter table bulk_run drop constraint bulk_run_kind_check;
alter table bulk_run add check (kind in ('tag', 'undo', 'import', 'stage', 'stage_undo', 'task', 'task_undo'));
alter table bulk_run add column work_card_id bigint;

do $$
declare t text;
begin
  foreach t in array array['work_card', 'task', 'work_card_staff', 'task_alert'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy of_corp on %I to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()))', t);
  end loop;
end $$;
