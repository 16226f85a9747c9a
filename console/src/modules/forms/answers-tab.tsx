import { keepPreviousData } from '@tanstack/react-query'
import { App, Button, Dropdown, Input, Modal } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { api, fetchClient } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { Dock, Split } from '../../ui/dock.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useKeyset } from '../../ui/keyset.ts'
import { KeysetFooter } from '../../ui/keyset-footer.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { EmptyState, NotSaved, SkeletonBlock, SkeletonRows } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import { useDownload } from '../../ui/use-download.ts'
import { AskForm, NEEDS_APPROVAL, useAsked } from '../contacts/export-button.tsx'
import { useCan } from '../staff/session.ts'
import styles from './forms.module.css'
import type { Form, FormAnswer } from './use-forms.ts'

const PAGE = 50

/** What came back, newest first; a row opens the answer beside the list. */
export function AnswersTab({ form }: { form: Form }) {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const keyset = useKeyset()
  const openId = params.get('answer') ?? undefined
  const list = api.useQuery(
    'get',
    '/api/forms/{formId}/answers',
    { params: { path: { formId: form.formId }, query: { before: keyset.cursor, limit: PAGE } } },
    { placeholderData: keepPreviousData },
  )
  const open = (answerId: string | undefined) => {
    const next = new URLSearchParams(params)
    answerId ? next.set('answer', answerId) : next.delete('answer')
    setParams(next, { replace: openId !== undefined, state: window.history.state?.usr })
  }
  const items = list.data?.items ?? []
  const at = items.findIndex(({ answerId }) => answerId === openId)
  const step = (by: -1 | 1) => {
    const next = items[at + by]
    return at >= 0 && next ? () => open(next.answerId) : undefined
  }
  const fields = form.draft.fields.slice(0, 3)
  const columns: Column<FormAnswer>[] = [
    { key: 'who', title: t('forms.column.who'), width: 160, cell: (row) => <Who answer={row} /> },
    ...fields.map(({ key, label }) => ({
      key: `field ${key}`,
      title: label,
      cell: (row: FormAnswer) => row.said.find((one) => one.key === key)?.value ?? '—',
    })),
    {
      key: 'placement',
      title: t('forms.column.placement'),
      width: 140,
      cell: (row) => [row.placement, row.staffName].filter(Boolean).join(' · '),
    },
    { key: 'at', title: t('forms.column.at'), width: 110, cell: (row) => <Ago at={row.submittedAt} /> },
  ]
  return (
    <Split
      dock={
        openId && (
          <Dock label={t('forms.answer')} onClose={() => open(undefined)} onStep={{ up: step(-1), down: step(1) }}>
            <AnswerCard key={openId} answerId={openId} onErased={() => open(undefined)} />
          </Dock>
        )
      }
    >
      <div className={styles.page}>
        <Panel edge title={t('forms.tab.answers')} sub={t('forms.answersWhy')} extra={<Export form={form} />}>
          <Loaded query={list} what={t('forms.tab.answers')} skeleton={<SkeletonRows />}>
            {(data) =>
              data.items.length === 0 ? (
                <EmptyState small icon="log" title={t('forms.noAnswers')} why={t('forms.noAnswersWhy')} />
              ) : (
                <ListTable
                  rows={data.items}
                  columns={columns}
                  rowKey={({ answerId }) => answerId}
                  label={t('forms.tab.answers')}
                  minWidth={820}
                  openKey={openId}
                  onOpen={({ answerId }) => open(answerId)}
                  card={(row) => (
                    <div className={styles.card}>
                      <Who answer={row} />
                      <span className="quiet small">{row.said.map(({ value }) => value).join('，')}</span>
                    </div>
                  )}
                />
              )
            }
          </Loaded>
          <KeysetFooter
            keyset={keyset}
            nextCursor={list.data?.nextCursor}
            shown={items.length}
            pageSize={PAGE}
            total={form.answers}
          />
        </Panel>
      </div>
    </Split>
  )
}

function Who({ answer }: { answer: Pick<FormAnswer, 'name' | 'contactId' | 'known'> }) {
  const { t } = useTranslation()
  return (
    <span className={styles.title}>
      {answer.name || t('forms.unknown')}
      {!answer.known && <small className="quiet"> {t(answer.contactId ? 'forms.byPhone' : 'forms.byNobody')}</small>}
    </span>
  )
}

function AnswerCard({ answerId, onErased }: { answerId: string; onErased: () => void }) {
  const { t } = useTranslation()
  const refused = useProblemToast()
  const mayReveal = useCan('contacts.reveal')
  const [shown, setShown] = useState<Record<string, string>>({})
  const answer = api.useQuery('get', '/api/form-answers/{answerId}', { params: { path: { answerId } } })
  const reveal = api.useMutation('post', '/api/form-answers/{answerId}/reveal', {
    onSuccess: ({ values }) => setShown(values),
    onError: refused,
  })
  return (
    <Loaded query={answer} what={t('forms.answer')} skeleton={<SkeletonBlock />}>
      {(data) => (
        <div className={styles.answer}>
          <h2>
            {data.contactId ? (
              <Link to={`/contacts/${data.contactId}`}>{data.name || t('forms.unknown')}</Link>
            ) : (
              t('forms.unknown')
            )}
          </h2>
          <p className="quiet small">
            {[
              data.placement,
              data.staffName,
              t('forms.version', { n: data.version }),
              t('forms.took', { seconds: data.seconds }),
            ]
              .filter(Boolean)
              .join(' · ')}{' '}
            · <Ago at={data.submittedAt} />
          </p>
          {!data.known && (
            <p className={styles.unsure}>{t(data.contactId ? 'forms.byPhoneWhy' : 'forms.byNobodyWhy')}</p>
          )}
          <dl>
            {data.said.map((one) => (
              <div key={one.key}>
                <dt>{one.label}</dt>
                <dd>
                  {shown[one.key] ?? one.value}
                  {one.files.map(({ fileId, mime }, nr) =>
                    mayReveal ? (
                      <a key={fileId} href={`/api/form-answers/${answerId}/files/${fileId}`} download>
                        {t('forms.file', { n: nr + 1, kind: mime === 'application/pdf' ? 'PDF' : t('forms.picture') })}
                      </a>
                    ) : null,
                  )}
                </dd>
              </div>
            ))}
          </dl>
          {mayReveal &&
            data.said.some(({ isPrivate, kind }) => isPrivate && kind !== 'file') &&
            Object.keys(shown).length === 0 && (
              <Button
                size="small"
                icon={<Icon name="eye" size={14} />}
                loading={reveal.isPending}
                onClick={() => reveal.mutate({ params: { path: { answerId } } })}
              >
                {t('forms.reveal')}
              </Button>
            )}
          <section className={styles.agreed} aria-label={t('forms.agreed')}>
            <h3>{t('forms.agreed')}</h3>
            {data.consents.length === 0 && <p className="quiet small">{t('forms.agreedNothing')}</p>}
            {data.consents.map(({ purpose, text, version }) => (
              <p key={purpose} className="small">
                {text} <span className="quiet">{t('forms.wording', { n: version })}</span>
              </p>
            ))}
          </section>
          <Erase answerId={answerId} onErased={onErased} />
        </div>
      )}
    </Loaded>
  )
}

/** His right: what he answered goes, and it is written down who took it away and why. */
function Erase({ answerId, onErased }: { answerId: string; onErased: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const may = useCan('content.write')
  const [asking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const erase = api.useMutation('post', '/api/form-answers/{answerId}/erasure', {
    onSuccess() {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/forms/{formId}/answers'] })
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/forms/{formId}/stats'] })
      void message.success(t('forms.erased'))
      setAsking(false)
      onErased()
    },
  })
  if (!may) return null
  return (
    <>
      <div>
        <Button size="small" type="text" danger onClick={() => setAsking(true)}>
          {t('forms.erase')}
        </Button>
      </div>
      <Modal
        open={asking}
        title={t('forms.eraseTitle')}
        okText={t('forms.erase')}
        cancelText={t('actions.cancel')}
        okButtonProps={{ danger: true, disabled: reason.trim().length < 2, loading: erase.isPending }}
        onOk={() => erase.mutate({ params: { path: { answerId } }, body: { reason } })}
        onCancel={() => setAsking(false)}
        width={440}
        destroyOnHidden
      >
        <div style={{ display: 'grid', gap: 12 }}>
          <p className="soft">{t('forms.eraseWhat')}</p>
          <Input
            autoFocus
            aria-label={t('forms.eraseReason')}
            placeholder={t('forms.eraseReason')}
            maxLength={100}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          {erase.error ? <NotSaved error={erase.error} /> : null}
        </div>
      </Modal>
    </>
  )
}

function Export({ form: { formId, answers } }: { form: Form }) {
  const { t } = useTranslation()
  const may = useCan('contacts.export')
  const { message } = App.useApp()
  const [asking, setAsking] = useState<'xlsx' | 'csv'>()
  const tried = useRef<'xlsx' | 'csv'>('xlsx')
  const { busy, download } = useDownload((code) => {
    if (code === NEEDS_APPROVAL) setAsking(tried.current)
    return code === NEEDS_APPROVAL
  })
  const onSuccess = useAsked(() => setAsking(undefined))
  const ask = api.useMutation('post', '/api/forms/{formId}/exports', { onSuccess })
  if (!may || answers === 0) return null
  const items = (['xlsx', 'csv'] as const).map((format) => ({
    key: format,
    label: t(`contacts.exportAs.${format}`),
    onClick: () => {
      tried.current = format
      void download(
        () =>
          fetchClient.GET(`/api/forms/{formId}/answers.${format}`, {
            params: { path: { formId }, query: {} },
            parseAs: 'blob',
          }),
        `form-answers.${format}`,
      ).then((done) => done && message.success(t('contacts.exported')))
    },
  }))
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items }}>
        <Button size="small" icon={<Icon name="download" size={14} />} loading={busy}>
          {t('contacts.export')}
        </Button>
      </Dropdown>
      <Modal
        open={asking !== undefined}
        title={t('exports.askTitle')}
        footer={null}
        width={440}
        destroyOnHidden
        onCancel={() => setAsking(undefined)}
      >
        <AskForm
          error={ask.error}
          isPending={ask.isPending}
          onAsk={(reason) => ask.mutate({ params: { path: { formId } }, body: { format: asking ?? 'xlsx', reason } })}
        />
      </Modal>
    </>
  )
}
