import { keepPreviousData } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client.ts'
import { Dock, Split } from '../../ui/dock.tsx'
import { useKeyset } from '../../ui/keyset.ts'
import { KeysetFooter } from '../../ui/keyset-footer.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayCount } from '../../ui/number-words.ts'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { EmptyState, SkeletonBlock, SkeletonRows } from '../../ui/states.tsx'
import { Ago, Moment } from '../../ui/time.tsx'
import { languageOf } from '../../ui/time-words.ts'
import contacts from '../contacts/contacts.module.css'
import { useCan } from '../staff/session.ts'
import styles from './tasks.module.css'
import { refreshTasks, type WorkCard } from './use-tasks.ts'

const PAGE = 20
const RUNNING_EVERY_MS = 1_500

interface Props {
  openId: string | undefined
  onOpen: (workCardId: string | undefined) => void
}

/** What was asked of many at once, and how far everybody is. */
export function WorkCards({ openId, onOpen }: Props) {
  const { t } = useTranslation()
  const keyset = useKeyset()
  const list = api.useQuery(
    'get',
    '/api/work-cards',
    { params: { query: { before: keyset.cursor } } },
    {
      placeholderData: keepPreviousData,
      refetchInterval: ({ state }) => (state.data?.items.some(isHandingOut) ? RUNNING_EVERY_MS : false),
    },
  )
  const empty = (
    <EmptyState
      icon="log"
      title={t('tasks.cards.none')}
      why={t('tasks.cards.noneWhy')}
      action={
        <Link to="/contacts">
          <Button>{t('tasks.cards.toContacts')}</Button>
        </Link>
      }
    />
  )
  const dock = openId && (
    <Dock label={t('tasks.cards.one')} onClose={() => onOpen(undefined)}>
      <CardDetail key={openId} workCardId={openId} />
    </Dock>
  )
  return (
    <Split dock={dock}>
      <div className={contacts.list}>
        <Loaded query={list} what={t('tasks.view.cards')} skeleton={<SkeletonRows rows={6} avatar={false} />}>
          {(page) =>
            page.items.length === 0 ? (
              empty
            ) : (
              <>
                <CardRows rows={page.items} openId={openId} onOpen={onOpen} />
                <KeysetFooter keyset={keyset} nextCursor={page.nextCursor} shown={page.items.length} pageSize={PAGE} />
              </>
            )
          }
        </Loaded>
      </div>
    </Split>
  )
}

const isHandingOut = ({ run }: WorkCard) => run?.state === 'waiting' || run?.state === 'running'
const allOf = ({ open, done, skipped, cancelled }: Pick<WorkCard, 'open' | 'done' | 'skipped' | 'cancelled'>) =>
  open + done + skipped + cancelled

function Bar({ card }: { card: WorkCard }) {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  if (isHandingOut(card) && card.run)
    return (
      <ProgressBar
        label={t('tasks.cards.handing')}
        done={card.run.done}
        total={card.run.total}
        said={t('tasks.cards.handing')}
      />
    )
  const total = allOf(card) - card.cancelled
  return (
    <ProgressBar
      label={t('tasks.cards.progress')}
      done={card.done + card.skipped}
      total={total}
      said={t('tasks.cards.doneOf', { done: count(card.done + card.skipped), total: count(total) })}
    />
  )
}

function State({ card }: { card: WorkCard }) {
  const { t } = useTranslation()
  if (card.withdrawnAt) return <span className="quiet">{t('tasks.cards.withdrawn')}</span>
  if (card.open === 0) return <span className="quiet">{t('tasks.cards.allDone')}</span>
  return (
    <span className="soft">
      <Moment at={card.dueAt} />
    </span>
  )
}

function CardRows({ rows, openId, onOpen }: { rows: WorkCard[] } & Props) {
  const { t } = useTranslation()
  const columns: Column<WorkCard>[] = [
    { key: 'title', title: t('tasks.what'), width: '30%', cell: (card) => <b>{card.title}</b> },
    { key: 'progress', title: t('tasks.cards.progress'), width: 240, cell: (card) => <Bar card={card} /> },
    {
      key: 'members',
      title: t('tasks.cards.members'),
      width: 90,
      align: 'right',
      cell: (card) => t('tasks.cards.people', { count: card.members }),
    },
    { key: 'due', title: t('tasks.due'), width: 140, cell: (card) => <State card={card} /> },
    { key: 'who', title: t('tasks.cards.by'), cell: (card) => card.actor },
    {
      key: 'when',
      title: t('tasks.cards.made'),
      width: 120,
      align: 'right',
      cell: (card) => (
        <span className="soft">
          <Ago at={card.createdAt} />
        </span>
      ),
    },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={(card) => card.workCardId}
      label={t('tasks.view.cards')}
      openKey={openId}
      onOpen={(card) => onOpen(card.workCardId)}
      minWidth={820}
      card={(card) => (
        <span className={styles.card}>
          <b>{card.title}</b>
          <Bar card={card} />
          <span className={styles.cardMeta}>
            <State card={card} />
            <span className="quiet">{card.actor}</span>
          </span>
        </span>
      )}
    />
  )
}

function CardDetail({ workCardId }: { workCardId: string }) {
  const { t } = useTranslation()
  const one = api.useQuery(
    'get',
    '/api/work-cards/{workCardId}',
    { params: { path: { workCardId } } },
    { refetchInterval: ({ state }) => (state.data && isHandingOut(state.data.card) ? RUNNING_EVERY_MS : false) },
  )
  return (
    <Loaded
      query={one}
      what={t('tasks.cards.one')}
      skeleton={
        <div className={styles.detail}>
          <SkeletonBlock height={240} />
        </div>
      }
    >
      {({ card, staff }) => (
        <div className={styles.detail}>
          <h2>{card.title}</h2>
          <p className="soft small">
            {t('tasks.cards.asked', { by: card.actor })} <Ago at={card.createdAt} /> · {t('tasks.cards.until')}{' '}
            <Moment at={card.dueAt} />
          </p>
          {card.note && <p>{card.note}</p>}
          {card.say && (
            <blockquote className={styles.say}>
              <small>{t('tasks.say')}</small>
              {card.say}
            </blockquote>
          )}
          {card.coupon && <p className="soft small">{t('tasks.mayGive', { coupon: card.coupon })}</p>}
          <Bar card={card} />
          <ByMember staff={staff} />
          <Withdraw card={card} />
        </div>
      )}
    </Loaded>
  )
}

function ByMember({
  staff,
}: {
  staff: { staffId: string; name: string; open: number; done: number; skipped: number; cancelled: number }[]
}) {
  const { t } = useTranslation()
  if (staff.length === 0) return null
  return (
    <table className={styles.members}>
      <thead>
        <tr>
          <th>{t('tasks.who')}</th>
          <th>{t('tasks.view.open')}</th>
          <th>{t('tasks.state.done')}</th>
          <th>{t('tasks.state.skipped')}</th>
        </tr>
      </thead>
      <tbody>
        {staff.map((one) => (
          <tr key={one.staffId}>
            <td>
              <Link to={`/tasks?view=open&staff=${one.staffId}`}>{one.name}</Link>
            </td>
            <td>{one.open}</td>
            <td>{one.done}</td>
            <td>{one.skipped}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Withdraw({ card }: { card: WorkCard }) {
  const { t } = useTranslation()
  const { modal, message } = App.useApp()
  const onError = useProblemToast()
  const may = useCan('tasks.assign')
  const withdraw = api.useMutation('post', '/api/work-cards/{workCardId}/withdraw', {
    onError,
    onSuccess() {
      refreshTasks()
      void message.success(t('tasks.cards.withdrawing'))
    },
  })
  if (!may || card.withdrawnAt || (card.open === 0 && !isHandingOut(card))) return null
  const ask = () =>
    modal.confirm({
      title: t('tasks.cards.withdrawTitle'),
      content: t('tasks.cards.withdrawWhy', { n: card.open }),
      okText: t('tasks.cards.withdraw'),
      okButtonProps: { danger: true },
      cancelText: t('actions.cancel'),
      onOk: () => withdraw.mutate({ params: { path: { workCardId: card.workCardId } } }),
    })
  return (
    <Button danger loading={withdraw.isPending} onClick={() => void ask()}>
      {t('tasks.cards.withdraw')}
    </Button>
  )
}
