-- Who is told when a customer deletes a member, and what is still to be told.
alter table corp
  add column loss_alert text not null default 'member' check (loss_alert in ('off', 'member', 'leader')); -- leader: the member and the heads of his departments
create table loss_alert (
  corp_id    bigint not null references corp on delete cascade,
  staff_id   bigint not null,
  contact_id bigint not null,
  lost_at    timestamptz not null,
  batch      uuid,                             -- of one message: after a crash the same customers are told in the same words
  created_at timestamptz not null,
  primary key (corp_id, staff_id, contact_id, lost_at)
);
alter table loss_alert enable row level security;
alter table loss_alert force row level security;
create policy of_corp on loss_alert to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()));
