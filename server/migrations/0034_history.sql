-- Null: history, which somebody may import again after years. It is remembered for ever.
alter table collected_message alter column arrived_at drop not null;
