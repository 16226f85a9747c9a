-- Every table that carries a tenant's data is bound to the transaction's corp. Tables without a policy are listed, with
-- the reason, in server/test/tenancy.test.ts: references looked up before a tenant is known, and local queues.
do $$
declare t text;
begin
  foreach t in array array[
    'corp_credential', 'lane_state', 'lane_tick', 'lane_failure', 'department', 'staff', 'staff_department', 'audit_log',
    'event', 'contact', 'contact_identity', 'follow', 'sync_run', 'tag_group', 'tag', 'follow_tag',
    'follow_tag_removal', 'channel_code', 'channel_code_staff', 'channel_code_tag', 'channel_daily', 'channel_scan', 'media_asset'
  ] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy of_corp on %I to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()))', t);
  end loop;
end $$;
revoke all on event_default from siyu_app; -- reached through event alone, which carries the policy
