-- How long a corp's sessions live, whether those who may do much need a second factor, and looking as a colleague.
alter table corp
  add column session_idle_minutes smallint not null default 30 check (session_idle_minutes between 5 and 480),
  add column session_hours        smallint not null default 12 check (session_hours between 1 and 72),
  add column second_factor        boolean not null default false;
alter table session
  add column view_as       bigint,             -- staff_id of whom its person looks as
  add column view_as_until timestamptz;
