-- Files of customers: who took which list, who let the long ones out. What one person takes in a day is counted here.
alter table corp
  add column export_approval_above integer not null default 5000 check (export_approval_above between 0 and 50000),
  add column export_daily_max      integer not null default 50000 check (export_daily_max between 100 and 500000);
create table contact_export (
  corp_id           bigint not null references corp on delete cascade,
  contact_export_id bigint generated always as identity,
  account_id        bigint not null,           -- who asked; he alone may take it
  asked_by          text not null,
  filter            jsonb not null,
  format            text not null check (format in ('csv', 'xlsx')),
  customers         integer not null,          -- of the list when it was asked for
  reason            text not null check (char_length(reason) <= 200),
  state             text not null check (state in ('waiting', 'ready', 'refused', 'withdrawn', 'taken')),
  created_at        timestamptz not null,
  decided_by        bigint,
  decider           text,
  decided_at        timestamptz,
  note              text check (char_length(note) <= 200),
  expires_at        timestamptz,               -- of a ready one
  taken_at          timestamptz,
  primary key (corp_id, contact_export_id),
  check (decided_by is distinct from account_id)
);
create index contact_export_person on contact_export (corp_id, account_id, created_at);
create index contact_export_waiting on contact_export (corp_id, created_at) where state = 'waiting';
alter table contact_export enable row level security;
alter table contact_export force row level security;
create policy of_corp on contact_export to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()));

-- How often somebody looked at whole numbers today.
create index audit_log_reveals on audit_log (corp_id, account_id, at) where action = 'contact.reveal';
