-- One RFM model a corp: where recency, number and money are cut into five bands each, and which box of bands has which
-- name. The cut points stand until somebody moves them, so that customers change cells by what they do and by time alone.
create table rfm_model (
  corp_id      bigint primary key references corp on delete cascade,
  mode         text not null check (mode in ('own', 'quintiles')), -- whose the cut points are: set by hand, or fifths of the corp's buyers
  within_days  integer check (within_days between 1 and 1000),     -- number and money count orders no older than this; null: all
  money        text not null check (money in ('sum', 'average')),
  monthly      boolean not null,                                   -- fifths are worked out anew each month
  cuts         jsonb not null,                                     -- { r: days, f: orders, m: fen }, four each, rising
  cut_at       timestamptz not null,
  changed_at   timestamptz not null,
  changed_by   text not null
);

create table rfm_cell (
  corp_id    bigint not null references corp on delete cascade,
  cell_id    bigint generated always as identity,
  segment_id bigint not null,
  place      integer,                          -- best first; null: no longer of the model, taken away once nobody is in it
  box        jsonb not null,                   -- { r: [1, 5], f: [4, 5], m: [1, 3] }, both ends counted
  at_risk    boolean not null,
  play       text not null,                    -- what to do with these customers
  primary key (corp_id, cell_id),
  foreign key (corp_id, segment_id) references segment on delete cascade
);

do $$
declare t text;
begin
  foreach t in array array['rfm_model', 'rfm_cell'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy of_corp on %I to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()))', t);
  end loop;
end $$;
