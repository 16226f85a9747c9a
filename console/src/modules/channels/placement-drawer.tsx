import { Button, Drawer, Input, InputNumber, Select } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Body } from '../../api/types.ts'
import { NotSaved } from '../../ui/states.tsx'
import { Field } from './field.tsx'
import type { Code, Placement } from './use-channels.ts'

const KINDS = ['print', 'parcel', 'wifi', 'article', 'ad', 'badge', 'other'] as const
type Draft = Body<'/api/placements/{channelCodeId}', 'put'>
const EMPTY: Draft = { name: '', kind: 'print', costFen: 0, startsOn: null, endsOn: null }

/** Writes a new placement of the code, or changes one. */
export function PlacementDrawer({
  code,
  placement,
  onClose,
}: {
  code: Code
  placement: Placement | undefined
  onClose: () => void
}) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState<Draft>(placement ?? EMPTY)
  const [tried, setTried] = useState(false)
  const put = (change: Partial<Draft>) => setDraft({ ...draft, ...change })
  const onSuccess = () => {
    void queryClient.invalidateQueries({ queryKey: ['get', '/api/channel-codes/{channelCodeId}/placements'] })
    onClose()
  }
  const create = api.useMutation('post', '/api/channel-codes/{channelCodeId}/placements', { onSuccess })
  const edit = api.useMutation('put', '/api/placements/{channelCodeId}', { onSuccess })
  const { name, kind, costFen, startsOn, endsOn } = draft
  const body = { name: name.trim(), kind, costFen: costFen ?? 0, startsOn: startsOn || null, endsOn: endsOn || null }
  const unnamed = body.name === ''
  const reversed = !!startsOn && !!endsOn && startsOn > endsOn
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (unnamed || reversed) return
    if (placement) edit.mutate({ params: { path: { channelCodeId: placement.channelCodeId } }, body })
    else create.mutate({ params: { path: { channelCodeId: code.channelCodeId } }, body: { placements: [body] } })
  }
  const error = create.error ?? edit.error
  return (
    <Drawer open onClose={onClose} size={420} title={t(placement ? 'channels.place.edit' : 'channels.place.add')}>
      <form onSubmit={submit} noValidate style={{ display: 'grid', gap: 16 }}>
        <Field
          label={t('channels.place.name')}
          htmlFor="place-name"
          hint={t('channels.place.nameHint')}
          fault={tried && unnamed ? { word: 'needName', names: '' } : undefined}
        >
          <Input
            id="place-name"
            autoFocus
            maxLength={30}
            placeholder={t('channels.place.namePlaceholder')}
            value={name}
            onChange={(event) => put({ name: event.target.value })}
          />
        </Field>
        <Field label={t('channels.place.kindLabel')} htmlFor="place-kind">
          <Select
            id="place-kind"
            value={kind}
            options={KINDS.map((value) => ({ value, label: t(`channels.place.kind.${value}`) }))}
            onChange={(next) => put({ kind: next })}
          />
        </Field>
        <Field label={t('channels.place.cost')} htmlFor="place-cost" hint={t('channels.place.costHint')}>
          <InputNumber
            id="place-cost"
            min={0}
            max={10_000_000}
            precision={2}
            prefix="¥"
            style={{ width: 200 }}
            value={(costFen ?? 0) / 100}
            onChange={(yuan) => put({ costFen: Math.round((yuan ?? 0) * 100) })}
          />
        </Field>
        <Field
          label={t('channels.place.dates')}
          hint={reversed ? undefined : t('channels.place.datesHint')}
          fault={tried && reversed ? { word: 'wrongOrder', names: '' } : undefined}
        >
          <div style={{ display: 'flex', gap: 8 }}>
            <Input
              type="date"
              aria-label={t('contacts.fromDay')}
              value={startsOn ?? ''}
              onChange={(event) => put({ startsOn: event.target.value || null })}
            />
            <Input
              type="date"
              aria-label={t('contacts.toDay')}
              value={endsOn ?? ''}
              onChange={(event) => put({ endsOn: event.target.value || null })}
            />
          </div>
        </Field>
        {error ? <NotSaved error={error} /> : null}
        <div style={{ display: 'flex', gap: 8 }}>
          <Button type="primary" htmlType="submit" loading={create.isPending || edit.isPending}>
            {t('channels.form.save')}
          </Button>
          <Button onClick={onClose}>{t('actions.cancel')}</Button>
        </div>
      </form>
    </Drawer>
  )
}
