import { keepPreviousData } from '@tanstack/react-query'
import { App, Button, Drawer, InputNumber, Segmented, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/client.ts'
import { queryClient } from '../../../api/query-client.ts'
import { Icon } from '../../../ui/icon.tsx'
import { NotSaved } from '../../../ui/states.tsx'
import { useSettled } from '../use-preview.ts'
import { CellFields } from './cell-fields.tsx'
import styles from './rfm.module.css'
import type { Rfm } from './rfm-page.tsx'
import type { Cuts, Draft } from './say-bands.ts'

const WINDOWS = [null, 90, 180, 365] as const
const BOUNDS = { r: [1, 1_000], f: [0, 999], m: [0, 100_000_000] } as const

/** The model open for change, with what it would make of today's buyers beside it. */
export function ModelDrawer({ rfm, onClose }: { rfm: Rfm; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [draft, setDraft] = useState<Draft>(() => draftOf(rfm))
  const asked = useSettled(draft)
  const preview = api.useQuery(
    'post',
    '/api/rfm/preview',
    { body: asked },
    { placeholderData: keepPreviousData, retry: false, enabled: asked.cells.every(({ name }) => name.trim() !== '') },
  )
  const save = api.useMutation('put', '/api/rfm', {
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/rfm'] })
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/rfm/moves'] })
      void message.success(t('insight.rfm.model.saved'))
      onClose()
    },
  })
  const put = (change: Partial<Draft>) => setDraft({ ...draft, ...change })
  const error = save.error ?? preview.error
  return (
    <Drawer
      open
      onClose={onClose}
      size={760}
      title={t('insight.rfm.edit')}
      footer={
        <div className={styles.foot}>
          <span className="quiet" role="status">
            {preview.isFetching || asked !== draft
              ? t('insight.rfm.model.counting')
              : preview.data && !preview.error && <Moved n={rfm.model ? preview.data.moved : 0} />}
          </span>
          <Button onClick={onClose}>{t('actions.cancel')}</Button>
          <Button
            type="primary"
            loading={save.isPending}
            disabled={preview.isError || draft.cells.some(({ name }) => name.trim() === '')}
            onClick={() => save.mutate({ body: draft })}
          >
            {t('insight.rfm.model.save')}
          </Button>
        </div>
      }
    >
      <div className={styles.form}>
        <Measures draft={draft} put={put} />
        <CutFields cuts={draft.cuts} onChange={(cuts) => put({ cuts, mode: 'own' })} />
        <h3>{t('insight.rfm.model.cells')}</h3>
        {error ? <NotSaved error={error} title={t('insight.rfm.model.wrong')} /> : null}
        {draft.cells.map((cell, place) => (
          <CellFields
            // biome-ignore lint/suspicious/noArrayIndexKey: cells are told apart by their place while they are new
            key={place}
            cell={cell}
            cuts={draft.cuts}
            holds={preview.error ? undefined : preview.data?.cells[place]}
            onChange={(next) => put({ cells: draft.cells.with(place, next) })}
            onRemove={() => put({ cells: draft.cells.toSpliced(place, 1) })}
          />
        ))}
        <Button
          icon={<Icon name="plus" size={14} />}
          onClick={() => put({ cells: [...draft.cells, { ...BLANK, name: t('insight.rfm.model.newCell') }] })}
        >
          {t('insight.rfm.model.add')}
        </Button>
      </div>
    </Drawer>
  )
}

const BLANK = {
  box: { r: [1, 1], f: [1, 1], m: [1, 1] },
  atRisk: false,
  play: '',
} satisfies Omit<Draft['cells'][number], 'name'>

function draftOf({ model, start, cells }: Rfm): Draft {
  if (!model) return start!
  const { mode, monthly, withinDays, money, cuts } = model
  return {
    mode,
    monthly,
    withinDays,
    money,
    cuts,
    cells: cells.map(({ cellId, name, box, atRisk, play }) => ({ cellId, name, box, atRisk, play })),
  }
}

function Moved({ n }: { n: number }) {
  const { t } = useTranslation()
  return n === 0 ? t('insight.rfm.model.unmoved') : t('insight.rfm.model.moved', { n })
}

interface PartProps {
  draft: Draft
  put: (change: Partial<Draft>) => void
}

/** What is measured, over how long, and whose the cut points are. */
function Measures({ draft, put }: PartProps) {
  const { t } = useTranslation()
  const { withinDays, money } = draft
  const fifths = api.useQuery(
    'get',
    '/api/rfm/fifths',
    { params: { query: { money, ...(withinDays === null ? {} : { withinDays }) } } },
    { enabled: false, retry: false },
  )
  const recut = async () => {
    const { data } = await fifths.refetch()
    if (data) put({ mode: 'quintiles', cuts: data })
  }
  return (
    <>
      <div className={styles.line}>
        <span>{t('insight.rfm.model.window')}</span>
        <Select
          aria-label={t('insight.rfm.model.window')}
          style={{ width: 150 }}
          value={withinDays ?? 0}
          options={[...new Set([...WINDOWS, withinDays])].map((days) => ({
            value: days ?? 0,
            label: days === null ? t('insight.rfm.model.windowAll') : t('insight.rfm.model.windowDays', { n: days }),
          }))}
          onChange={(days) => put({ withinDays: days || null })}
        />
        <span>{t('insight.rfm.model.moneyIs')}</span>
        <Segmented
          aria-label={t('insight.rfm.model.moneyIs')}
          value={money}
          options={(['sum', 'average'] as const).map((value) => ({ value, label: t(`insight.rfm.model.${value}`) }))}
          onChange={(next) => put({ money: next })}
        />
      </div>
      <div className={styles.line}>
        <span>{t('insight.rfm.model.mode')}</span>
        <b>{t(draft.mode === 'own' ? 'insight.rfm.model.modeOwn' : 'insight.rfm.model.modeFifths')}</b>
        <Button size="small" loading={fifths.isFetching} onClick={() => void recut()}>
          {t('insight.rfm.model.recut')}
        </Button>
        {draft.mode === 'quintiles' && (
          <>
            <Switch
              size="small"
              aria-label={t('insight.rfm.model.monthly')}
              checked={draft.monthly}
              onChange={(monthly) => put({ monthly })}
            />
            <span>{t('insight.rfm.model.monthly')}</span>
          </>
        )}
      </div>
      <p className="small quiet">{t('insight.rfm.model.frozen')}</p>
      {fifths.error ? <NotSaved error={fifths.error} /> : null}
    </>
  )
}

function CutFields({ cuts, onChange }: { cuts: Cuts; onChange: (cuts: Cuts) => void }) {
  const { t } = useTranslation()
  return (
    <div className={styles.cuts}>
      {(['r', 'f', 'm'] as const).map((what) => {
        const unit = what === 'm' ? 100 : 1
        const name = t(`insight.rfm.model.${what}`)
        return (
          <div key={what} className={styles.line}>
            <span>{name}</span>
            {cuts[what].map((cut, nr) => (
              <InputNumber
                // biome-ignore lint/suspicious/noArrayIndexKey: four cuts, always
                key={nr}
                aria-label={t('insight.rfm.model.cutNr', { what: name, n: nr + 1 })}
                style={{ width: 92 }}
                min={BOUNDS[what][0]}
                max={BOUNDS[what][1]}
                precision={what === 'm' ? 2 : 0}
                value={cut / unit}
                onChange={(value) =>
                  onChange({ ...cuts, [what]: cuts[what].with(nr, Math.round((value ?? BOUNDS[what][0]) * unit)) })
                }
              />
            ))}
          </div>
        )
      })}
    </div>
  )
}
