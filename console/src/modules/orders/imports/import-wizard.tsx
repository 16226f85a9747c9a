import { Button, Input, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/client.ts'
import { Panel } from '../../../ui/panel.tsx'
import { NotSaved } from '../../../ui/states.tsx'
import { SHOPS } from '../order-filters.tsx'
import { ColumnTable } from './column-table.tsx'
import styles from './imports.module.css'
import { PreviewPanel } from './preview-panel.tsx'
import { type Draft, type Mapping, refreshImports, useCancelImport } from './use-imports.ts'

const SHANGHAI_MS = 8 * 3_600_000
/** As the field takes it, on the clock of Shanghai. */
const onTheClock = (at: string) => new Date(Date.parse(at) + SHANGHAI_MS).toISOString().slice(0, 16)

/** Which column is what, what that comes to, and the start. */
export function ImportWizard({ draft }: { draft: Draft }) {
  const { t } = useTranslation()
  const { orderImportId, kind } = draft.run
  const path = { params: { path: { orderImportId } } }
  const [mapping, setMapping] = useState<Mapping>(draft.guessed)
  const [toldAt, setToldAt] = useState(draft.run.toldAt)
  const [saveAs, setSaveAs] = useState('')
  const cancel = useCancelImport()
  const preview = api.useMutation('post', '/api/order-imports/{orderImportId}/preview')
  const start = api.useMutation('post', '/api/order-imports/{orderImportId}/start', { onSuccess: refreshImports })
  const change = (next: Mapping) => {
    preview.reset() // what was counted was counted of other columns
    setMapping(next)
  }
  const go = () =>
    start.mutate({ ...path, body: { mapping, toldAt, ...(saveAs.trim() ? { saveAs: saveAs.trim() } : {}) } })
  return (
    <div className={styles.stack}>
      <Panel title={t('orderWork.imports.columns')} sub={t('orderWork.imports.columnsWhy')} edge>
        <div className={styles.options}>
          {draft.saved.length > 0 && (
            <Select
              aria-label={t('orderWork.imports.saved')}
              placeholder={t('orderWork.imports.saved')}
              style={{ minWidth: 180 }}
              options={draft.saved.map(({ importMappingId, name }) => ({ value: importMappingId, label: name }))}
              onChange={(id: string) => {
                const known = draft.saved.find(({ importMappingId }) => importMappingId === id)
                if (known) change(known.mapping)
              }}
            />
          )}
          {kind === 'orders' && (
            <>
              <Select
                aria-label={t('orderWork.imports.shop')}
                style={{ width: 140 }}
                value={mapping.shop}
                options={SHOPS.map((value) => ({ value, label: t(`orders.shops.${value}`) }))}
                onChange={(shop: string) => change({ ...mapping, shop })}
              />
              <Segmented
                aria-label={t('orderWork.imports.unit')}
                value={mapping.unit ?? 'yuan'}
                options={(['yuan', 'fen'] as const).map((value) => ({ value, label: t(`orderWork.imports.${value}`) }))}
                onChange={(unit) => change({ ...mapping, unit })}
              />
            </>
          )}
          <span className={styles.told}>
            <span className="quiet">{t('orderWork.imports.toldAt')}</span>
            <Input
              type="datetime-local"
              aria-label={t('orderWork.imports.toldAt')}
              style={{ width: 190 }}
              value={onTheClock(toldAt)}
              onChange={({ target }) => target.value && setToldAt(new Date(`${target.value}:00+08:00`).toISOString())}
            />
          </span>
        </div>
        <ColumnTable draft={draft} mapping={mapping} onChange={change} />
        {preview.error ? <NotSaved error={preview.error} title={t('orderWork.imports.notPreviewed')} /> : null}
        <div className={styles.foot}>
          <Button
            type={preview.data ? 'default' : 'primary'}
            loading={preview.isPending}
            onClick={() => preview.mutate({ ...path, body: { mapping } })}
          >
            {t('orderWork.imports.preview')}
          </Button>
          <Button loading={cancel.isPending} onClick={() => cancel.mutate(path)}>
            {t('orderWork.imports.drop')}
          </Button>
        </div>
      </Panel>
      {preview.data && (
        <PreviewPanel kind={kind} preview={preview.data}>
          <Input
            aria-label={t('orderWork.imports.saveAs')}
            placeholder={t('orderWork.imports.saveAs')}
            style={{ width: 220 }}
            maxLength={30}
            value={saveAs}
            onChange={({ target }) => setSaveAs(target.value)}
          />
          <Button type="primary" loading={start.isPending} disabled={preview.data.good === 0} onClick={go}>
            {t(`orderWork.imports.go.${kind}`, { n: preview.data.good })}
          </Button>
          {start.error ? <NotSaved error={start.error} title={t('imports.notStarted')} /> : null}
        </PreviewPanel>
      )}
    </div>
  )
}
