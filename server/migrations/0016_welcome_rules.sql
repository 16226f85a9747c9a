-- What new friends of a code are told at some hours instead of its welcome, and names nobody greets.
alter table channel_code
  add column welcome_slots jsonb not null default '[]', -- [{ weekdays, from, to, welcome }], the first that holds
  add column blocked_words text[] not null default '{}';
