import { App, Button, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, NotSaved, SkeletonRows } from '../../ui/states.tsx'
import { useCan } from '../staff/session.ts'
import styles from './forms.module.css'
import { sayShare } from './forms-page.tsx'
import { type Form, refreshForms, type Stats } from './use-forms.ts'

type Link = Stats['links'][number]
const STAFF_MAX = 200

/** Where the form is given out, and how each place does. */
export function LinksTab({ form }: { form: Form }) {
  const { t } = useTranslation()
  const mayWrite = useCan('content.write')
  const [making, setMaking] = useState(false)
  const [shown, setShown] = useState<Link>()
  const stats = api.useQuery('get', '/api/forms/{formId}/stats', { params: { path: { formId: form.formId } } })
  const button = mayWrite && (
    <Button
      size="small"
      disabled={form.version === null}
      icon={<Icon name="plus" size={14} />}
      onClick={() => setMaking(true)}
    >
      {t('forms.newLink')}
    </Button>
  )
  const number = (key: 'opened' | 'started' | 'submitted'): Column<Link> => ({
    key,
    title: t(`forms.column.${key}`),
    align: 'right',
    width: 88,
    cell: (row) => row[key],
  })
  const columns: Column<Link>[] = [
    { key: 'placement', title: t('forms.column.placement'), cell: (row) => <b>{row.placement}</b> },
    { key: 'staff', title: t('forms.column.staff'), width: 120, cell: (row) => row.staffName ?? t('forms.shop') },
    number('opened'),
    number('started'),
    number('submitted'),
    {
      key: 'share',
      title: t('forms.column.share'),
      align: 'right',
      width: 88,
      cell: (row) => sayShare(row.submitted, row.opened),
    },
    {
      key: 'act',
      title: t('forms.column.link'),
      width: 224,
      cell: (row) => (
        <span className={styles.acts}>
          <CopyButton text={row.url} label={t('forms.copyLink')} />
          <Button size="small" icon={<Icon name="qr" size={14} />} onClick={() => setShown(row)}>
            {t('forms.qr')}
          </Button>
        </span>
      ),
    },
  ]
  return (
    <Loaded query={stats} what={t('forms.tab.links')} skeleton={<SkeletonRows avatar={false} rows={5} />}>
      {(data) => (
        <div className={`${styles.page} ${styles.stack}`}>
          <Panel edge title={t('forms.part.links')} sub={t('forms.linksWhy')} extra={button}>
            {data.links.length === 0 ? (
              <EmptyState
                small
                icon="link"
                title={t(form.version === null ? 'forms.notPublished' : 'forms.noLinks')}
                why={t(form.version === null ? 'forms.notPublishedWhy' : 'forms.noLinksWhy')}
              />
            ) : (
              <ListTable
                rows={data.links}
                columns={columns}
                rowKey={({ linkId }) => linkId}
                label={t('forms.part.links')}
                minWidth={820}
                card={(row) => (
                  <div className={styles.card}>
                    <b>
                      {row.placement} · {row.staffName ?? t('forms.shop')}
                    </b>
                    <span className="quiet small">{t('forms.linkSum', row)}</span>
                    <CopyButton text={row.url} label={t('forms.copyLink')} />
                  </div>
                )}
              />
            )}
          </Panel>
          {data.answers > 0 && <FieldStats stats={data} />}
          {making && <LinkDialog formId={form.formId} onClose={() => setMaking(false)} />}
          <Modal
            open={shown !== undefined}
            title={shown && `${shown.placement} · ${shown.staffName ?? t('forms.shop')}`}
            footer={null}
            width={360}
            onCancel={() => setShown(undefined)}
          >
            {shown && (
              <div className={styles.qr}>
                <img
                  src={`/api/forms/${form.formId}/links/${shown.linkId}/qr.png`}
                  alt={t('forms.qrOf', { placement: shown.placement })}
                  width={280}
                  height={280}
                />
                <a href={`/api/forms/${form.formId}/links/${shown.linkId}/qr.png`} download>
                  {t('forms.download')}
                </a>
              </div>
            )}
          </Modal>
        </div>
      )}
    </Loaded>
  )
}

/** What was answered, field by field; free words are read one by one. */
function FieldStats({ stats }: { stats: Stats }) {
  const { t } = useTranslation()
  return (
    <Panel
      title={t('forms.part.stats')}
      sub={t('forms.statsSum', { count: stats.answers, seconds: stats.secondsMedian ?? 0 })}
    >
      <div className={styles.charts}>
        {stats.fields.map((field) => {
          const most = Math.max(1, ...field.values.map(({ n }) => n))
          return (
            <section key={field.key} aria-label={field.label}>
              <h3>
                {field.label}
                <small className="quiet">
                  {t('forms.answered', { n: field.answered, share: sayShare(field.answered, stats.answers) })}
                  {field.mean !== null && ` · ${t('forms.mean', { mean: field.mean })}`}
                </small>
              </h3>
              {field.values.length === 0 ? (
                <p className="quiet small">{t('forms.freeWords')}</p>
              ) : (
                <dl className={styles.bars}>
                  {field.values.map(({ value, n }) => (
                    <div key={value}>
                      <dt title={value}>{value}</dt>
                      <dd>
                        <i style={{ width: `${(n / most) * 100}%` }} />
                      </dd>
                      <dd className={styles.figure}>
                        {n} <small className="quiet">{sayShare(n, field.answered)}</small>
                      </dd>
                    </div>
                  ))}
                </dl>
              )}
            </section>
          )
        })}
      </div>
    </Panel>
  )
}

/** A placement, for the shop or for each of some members. */
function LinkDialog({ formId, onClose }: { formId: string; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [placement, setPlacement] = useState('')
  const [staffIds, setStaffIds] = useState<string[]>([])
  const staff = api.useQuery('get', '/api/staff', { params: { query: { limit: STAFF_MAX } } })
  const make = api.useMutation('post', '/api/forms/{formId}/links', {
    onSuccess({ made }) {
      refreshForms()
      void message.success(t('forms.linksMade', { count: made }))
      onClose()
    },
  })
  return (
    <Modal
      open
      title={t('forms.newLink')}
      okText={t('forms.make')}
      cancelText={t('actions.cancel')}
      okButtonProps={{ disabled: placement.trim() === '', loading: make.isPending }}
      onOk={() => make.mutate({ params: { path: { formId } }, body: { placement: placement.trim(), staffIds } })}
      onCancel={onClose}
    >
      <div className={styles.grid}>
        <Input
          autoFocus
          maxLength={20}
          aria-label={t('forms.column.placement')}
          placeholder={t('forms.placementHint')}
          value={placement}
          onChange={(e) => setPlacement(e.target.value)}
        />
        <Select
          mode="multiple"
          optionFilterProp="label"
          aria-label={t('forms.column.staff')}
          placeholder={t('forms.staffHint')}
          value={staffIds}
          options={(staff.data?.items ?? []).map(({ staffId, name }) => ({ value: staffId, label: name }))}
          onChange={setStaffIds}
        />
        <p className="quiet small">{t('forms.linkWhy')}</p>
        {make.error && <NotSaved error={make.error} />}
      </div>
    </Modal>
  )
}
