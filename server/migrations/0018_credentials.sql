-- Credentials say who set them and how they end, and never more. What of WeCom's permissions this corp has is asked and kept.
alter table corp_credential
  add column ending text check (char_length(ending) <= 4), -- null: set before this was kept
  add column set_by text,
  drop column fingerprint;

alter table corp
  add column egress_ip    text,                -- ours, as WeCom last named it in a refusal
  add column domain_proof text unique check (domain_proof ~ '^[0-9A-Za-z]{8,64}$'); -- of WW_verify_….txt, for the trusted domain

create table corp_probe (
  corp_id   bigint not null references corp on delete cascade,
  probe     text not null check (probe in ('app', 'directory', 'contacts', 'tags', 'codes', 'callback', 'address')),
  refusal   text,                              -- null: granted
  errcode   integer not null,                  -- WeCom's, or one of the client's own
  detail    jsonb not null,
  probed_at timestamptz not null,
  primary key (corp_id, probe)
);
alter table corp_probe enable row level security;
alter table corp_probe force row level security;
create policy of_corp on corp_probe to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()));
