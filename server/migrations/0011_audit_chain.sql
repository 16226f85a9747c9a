-- Each line of the audit log carries a hash over itself and the line before; how long the chain is and where it ends is
-- kept apart. A line edited, removed, moved or put in shows, and so does a tail cut off (faults LG-02).
create table audit_head (
  corp_id bigint primary key references corp on delete cascade,
  lines   bigint not null,
  hash    bytea not null
);
alter table audit_head enable row level security;
alter table audit_head force row level security;
create policy of_corp on audit_head to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()));
revoke delete on audit_head from siyu_app;

-- What a line says, in one spelling whatever the session's settings.
create function audit_text(line bigint, at timestamptz, account_id bigint, actor text, action text, object_kind text, object_id text, detail jsonb, ip text, request_id text)
returns bytea language sql immutable parallel safe as $$
  select convert_to(jsonb_build_array(line, (extract(epoch from at) * 1000000)::bigint, account_id, actor, action, object_kind, object_id, detail, ip, request_id)::text, 'UTF8')
$$;

alter table audit_log add column line bigint, add column hash bytea;
alter table audit_log no force row level security;
do $$
declare
  entry audit_log;
  seen bigint := null;
  n bigint;
  h bytea;
begin
  for entry in select * from audit_log order by corp_id, audit_id loop
    if entry.corp_id is distinct from seen then
      n := 0; h := '\x00'; seen := entry.corp_id;
    end if;
    n := n + 1;
    h := sha256(h || audit_text(n, entry.at, entry.account_id, entry.actor, entry.action, entry.object_kind, entry.object_id, entry.detail, entry.ip, entry.request_id));
    update audit_log set line = n, hash = h where corp_id = entry.corp_id and audit_id = entry.audit_id;
    insert into audit_head (corp_id, lines, hash) values (entry.corp_id, n, h) on conflict (corp_id) do update set lines = excluded.lines, hash = excluded.hash;
  end loop;
end $$;
alter table audit_log force row level security;
alter table audit_log alter column line set not null, alter column hash set not null;
create unique index audit_log_line on audit_log (corp_id, line);
