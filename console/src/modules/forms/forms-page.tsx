import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../../api/client.ts'
import { Icon } from '../../ui/icon.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import { useCan } from '../staff/session.ts'
import { newField } from './draft.ts'
import styles from './forms.module.css'
import { refreshForms, type Summary } from './use-forms.ts'

/** Forms there are, and how they do. */
export function FormsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const mayWrite = useCan('content.write')
  const refused = useProblemToast()
  const list = api.useQuery('get', '/api/forms')
  const create = api.useMutation('post', '/api/forms', {
    onSuccess({ formId }) {
      refreshForms()
      void navigate(`/content/forms/${formId}`)
    },
    onError: refused,
  })
  const start = () =>
    create.mutate({
      body: {
        content: {
          ...{
            title: t('forms.start.title'),
            intro: '',
            action: t('forms.start.action'),
            privacy: t('forms.start.privacy'),
          },
          fields: [
            {
              ...newField('choice', t('forms.start.field'), 'q1', [t('forms.start.one'), t('forms.start.two')]),
              required: true,
            },
          ],
          consents: [{ purpose: 'profile', text: t('forms.consentText.profile'), version: 0 }],
          limits: { total: null, perPerson: 1, opensAt: null, closesAt: null },
          thanks: { words: t('forms.start.thanks'), addStaff: true, channelCodeId: null, materialId: null },
          tell: { opened: false, submitted: true },
        },
      },
    })
  const button = mayWrite && (
    <Button type="primary" icon={<Icon name="plus" size={14} />} loading={create.isPending} onClick={start}>
      {t('forms.create')}
    </Button>
  )
  const number = (key: 'opened' | 'answers' | 'placements', width: number): Column<Summary> => ({
    key,
    title: t(`forms.column.${key}`),
    align: 'right',
    width,
    cell: (row) => row[key],
  })
  const columns: Column<Summary>[] = [
    { key: 'title', title: t('forms.column.title'), cell: (row) => <Title row={row} /> },
    { key: 'state', title: t('forms.column.state'), width: 140, cell: (row) => <State row={row} /> },
    number('placements', 88),
    number('opened', 88),
    number('answers', 88),
    {
      key: 'share',
      title: t('forms.column.share'),
      align: 'right',
      width: 88,
      cell: (row) => sayShare(row.answers, row.opened),
    },
    {
      key: 'lastAt',
      title: t('forms.column.lastAt'),
      width: 120,
      cell: ({ lastAt }) => (lastAt ? <Ago at={lastAt} /> : '—'),
    },
  ]
  return (
    <>
      <PageHeader crumbs={[{ label: t('nav.content') }]} title={t('forms.title')} meta={t('forms.sub')}>
        {button}
      </PageHeader>
      <div className={styles.page}>
        <Panel edge>
          <Loaded query={list} what={t('forms.title')} skeleton={<SkeletonRows avatar={false} />}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState icon="log" title={t('forms.none')} why={t('forms.noneWhy')} action={button} />
              ) : (
                <ListTable
                  rows={items}
                  columns={columns}
                  rowKey={({ formId }) => formId}
                  label={t('forms.title')}
                  minWidth={820}
                  onOpen={({ formId }) => void navigate(`/content/forms/${formId}`)}
                  card={(row) => (
                    <div className={styles.card}>
                      <Title row={row} />
                      <State row={row} />
                      <span className="quiet small">
                        {t('forms.cardSum', { opened: row.opened, answers: row.answers })}
                      </span>
                    </div>
                  )}
                />
              )
            }
          </Loaded>
        </Panel>
      </div>
    </>
  )
}

const Title = ({ row }: { row: Summary }) => {
  const { t } = useTranslation()
  return (
    <span className={styles.title}>
      {row.title} <small className="quiet">{t('forms.fieldsOf', { count: row.fields })}</small>
    </span>
  )
}

export function State({ row }: { row: Pick<Summary, 'state' | 'changed' | 'version'> }) {
  const { t } = useTranslation()
  return (
    <span className={styles.state} data-state={row.state}>
      {t(`forms.state.${row.state}`)}
      {row.changed && row.version !== null && <small className="quiet">{t('forms.changed')}</small>}
    </span>
  )
}

export const sayShare = (part: number, whole: number): string =>
  whole === 0 ? '—' : `${(Math.min(1, part / whole) * 100).toFixed(1)}%`
