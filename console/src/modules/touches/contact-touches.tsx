import { App, Button, Dropdown } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { Icon } from '../../ui/icon.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { Ago } from '../../ui/time.tsx'
import { useCan } from '../staff/session.ts'
import styles from './touches.module.css'

type Card = Answer<'/api/contacts/{contactId}/touch-card'>
type Budget = Card['budgets'][number]
const KINDS = ['member', 'subscribe', 'advisor'] as const

const refresh = () => {
  for (const path of [
    '/api/contacts/{contactId}/touch-card',
    '/api/contacts/{contactId}/touches',
    '/api/contacts/{contactId}/timeline',
    '/api/touch-refusals',
  ])
    void queryClient.invalidateQueries({ queryKey: ['get', path] })
}

/** How often he may still be reached, what he agreed to, and what became of every touch that had him in mind. */
export function ContactTouches({ contactId }: { contactId: string }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const path = { path: { contactId } }
  const card = api.useQuery('get', '/api/contacts/{contactId}/touch-card', { params: path })
  if (!card.data) return null
  const { budgets, refusals, agreements } = card.data
  return (
    <section className={styles.section} aria-label={t('touches.reachable')}>
      <header>
        <h3>{t('touches.reachable')}</h3>
        <Acts contactId={contactId} card={card.data} />
      </header>
      <div className={styles.budgets}>
        {budgets.map((budget) => (
          <Left key={budget.channel} budget={budget} />
        ))}
      </div>
      {refusals.map((one) => (
        <p key={`${one.channel} ${one.why}`} className="small">
          <Icon name="moon" size={13} /> {t(`touches.why.${one.why}`)}
          {one.note && `：${one.note}`} · <Ago at={one.since} />
        </p>
      ))}
      {agreements
        .filter(({ withdrawnAt }) => withdrawnAt === null)
        .map((one) => (
          <p key={one.kind} className="small quiet">
            {t('touches.agreed', { kind: t(`touches.kind.${one.kind}`), version: one.textVersion, how: one.how })}
          </p>
        ))}
      <button type="button" className="textlink small" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t(open ? 'touches.fold' : 'touches.whyTouched')}
      </button>
      {open && <Past contactId={contactId} />}
    </section>
  )
}

/** One bar a limit would be too much: what is left, and the limit that is nearest. */
function Left({ budget }: { budget: Budget }) {
  const { t } = useTranslation()
  const sayWindow = useWindowWords()
  const { left, objection, limits, channel } = budget
  const nearest = limits.toSorted((a, b) => a.limit - a.held - (b.limit - b.held))[0]
  return (
    <div className={styles.budget} data-none={left === 0 || undefined}>
      <span>{t(`touches.channel.${channel}`)}</span>
      <b>
        {objection
          ? t(`touches.fate.${objection}`)
          : limits.length === 0
            ? t('touches.noLimit')
            : t('touches.left', { n: left })}
      </b>
      {nearest && !objection && (
        <small className="quiet">
          {t('touches.held', { window: sayWindow(nearest.window), held: nearest.held, limit: nearest.limit })}
        </small>
      )}
    </div>
  )
}

/** In what a limit counts. */
function useWindowWords() {
  const { t } = useTranslation()
  return (window: Budget['limits'][number]['window']): string => {
    if (window === null) return t('touches.ofWecom')
    return window.kind === 'days' ? t('touches.inDays', { n: window.days }) : t(`touches.windows.${window.kind}`)
  }
}

function Acts({ contactId, card }: { contactId: string; card: Card }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const mayWrite = useCan('contacts.write')
  const onError = useProblemToast()
  const params = { path: { contactId } }
  const done = () => {
    refresh()
    void message.success(t('touches.saved'))
  }
  const refuse = api.useMutation('put', '/api/contacts/{contactId}/touch-refusal', { onError, onSuccess: done })
  const allow = api.useMutation('delete', '/api/contacts/{contactId}/touch-refusal', { onError, onSuccess: done })
  const give = api.useMutation('post', '/api/contacts/{contactId}/agreements', { onError, onSuccess: done })
  const take = api.useMutation('post', '/api/contacts/{contactId}/agreements/withdraw', { onError, onSuccess: done })
  if (!mayWrite) return null
  const isQuiet = card.refusals.some(({ why }) => why !== 'platform')
  const holds = (kind: (typeof KINDS)[number]) =>
    card.agreements.some((one) => one.kind === kind && one.withdrawnAt === null)
  const items = [
    isQuiet
      ? { key: 'allow', label: t('touches.lift'), onClick: () => allow.mutate({ params }) }
      : {
          key: 'refuse',
          label: t('touches.refuse'),
          onClick: () => refuse.mutate({ params, body: { why: 'customer' as const } }),
        },
    { type: 'divider' as const },
    ...KINDS.map((kind) => ({
      key: kind,
      label: t(holds(kind) ? 'touches.takeBack' : 'touches.giveConsent', { kind: t(`touches.kind.${kind}`) }),
      onClick: () => (holds(kind) ? take : give).mutate({ params, body: { kind, how: t('touches.toldUs') } }),
    })),
  ]
  return (
    <Dropdown trigger={['click']} menu={{ items }}>
      <Button
        size="small"
        type="text"
        loading={refuse.isPending || allow.isPending || give.isPending || take.isPending}
        icon={<Icon name="more" size={16} label={t('touches.more')} />}
      />
    </Dropdown>
  )
}

function Past({ contactId }: { contactId: string }) {
  const { t } = useTranslation()
  const touches = api.useQuery('get', '/api/contacts/{contactId}/touches', { params: { path: { contactId } } })
  if (!touches.data) return null
  if (touches.data.items.length === 0) return <p className="small quiet">{t('touches.neverMeant')}</p>
  return (
    <ul className={styles.past}>
      {touches.data.items.map((touch) => (
        <li key={touch.touchId}>
          <span>
            <b>{touch.title}</b>
            <small className="quiet">
              {t(`touches.channel.${touch.channel}`)} · {touch.topic} · <Ago at={touch.at} />
            </small>
          </span>
          <small data-fate={touch.fate === 'sent' ? 'sent' : undefined}>{t(`touches.fate.${touch.fate}`)}</small>
        </li>
      ))}
    </ul>
  )
}
