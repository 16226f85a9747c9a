-- Sessions of pages opened inside WeCom and WeChat: a member's beside his chats, or a customer's who reads what the corp
-- sent him. Looked up by a cookie before the corp is known, as the console's are.
create table mobile_session (
  session_hash    bytea primary key,           -- sha-256 of the cookie value
  corp_id         bigint not null references corp on delete cascade,
  kind            text not null check (kind in ('member', 'customer')),
  account_id      bigint references account on delete cascade, -- of a member
  userid          text,                        -- of him, as WeCom named him then
  staff_id        bigint,                      -- of a member who opened a customer's page
  openid          text,                        -- of a customer, as WeCom tells him to this corp
  external_userid text,                        -- of him, where a member follows him
  created_at      timestamptz not null,
  seen_at         timestamptz not null,
  ip              text,
  user_agent      text,
  revoked_at      timestamptz,
  check (case kind when 'member' then account_id is not null and userid is not null else num_nonnulls(staff_id, openid) = 1 end)
);
create index mobile_session_account on mobile_session (account_id) where account_id is not null;
create index mobile_session_seen on mobile_session (seen_at);

create table mobile_sign_in (                  -- one OAuth round trip, single use, 10 minutes
  state_hash bytea primary key,
  corp_id    bigint not null references corp on delete cascade,
  kind       text not null check (kind in ('member', 'customer')),
  target     text not null,                    -- a path of ours
  expires_at timestamptz not null
);
