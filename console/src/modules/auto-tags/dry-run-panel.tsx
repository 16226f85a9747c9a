import { keepPreviousData } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client.ts'
import { toProblem } from '../../api/problem.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { sayCount } from '../../ui/number-words.ts'
import { Panel } from '../../ui/panel.tsx'
import { languageOf } from '../../ui/time-words.ts'
import { AheadNumbers } from '../segments/ahead-numbers.tsx'
import { type Group, isWhole, toRule } from '../segments/rule.ts'
import segmentStyles from '../segments/segments.module.css'
import type { Vocabulary } from '../segments/use-names.ts'
import { useSettled } from '../segments/use-preview.ts'
import { type Reason, Reasons } from '../segments/why-panel.tsx'
import styles from './auto-tags.module.css'

interface Props {
  draft: { tagId: string | undefined; rule: Group; keep: boolean }
  ruleId: string | undefined
  words: Vocabulary
}

/** What saving would do: who gets the tag, who loses it, who changes over, what time brings; some of them with why. */
export function DryRunPanel({ draft, ruleId, words }: Props) {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  const asked = useSettled(draft)
  const enabled = asked.tagId !== undefined && isWhole(asked.rule)
  const body = { tagId: asked.tagId ?? '', rule: toRule(asked.rule), keep: asked.keep, ...(ruleId ? { ruleId } : {}) }
  const dry = api.useQuery(
    'post',
    '/api/auto-tags/dry-run',
    { body },
    { enabled, placeholderData: keepPreviousData, retry: false },
  )
  if (!enabled || (!dry.data && !dry.error))
    return (
      <Panel title={t('autoTags.dryRun')}>
        <p className="soft">{t(enabled ? 'autoTags.counting' : 'autoTags.dryFirst')}</p>
      </Panel>
    )
  if (dry.error && !dry.data)
    return (
      <Panel title={t('autoTags.dryRun')}>
        <p className="soft">{toProblem(dry.error).message}</p>
      </Panel>
    )
  const { members, customers, gains, loses, carry, moves, ahead, sample } = dry.data!
  return (
    <Panel title={t('autoTags.dryRun')} sub={t('autoTags.dryWhy')}>
      <dl className={styles.dry} aria-live="polite" aria-busy={dry.isFetching}>
        <Figure word={t('autoTags.gains')} value={`+${count(gains)}`} testId="auto-tag-gains" />
        <Figure word={t('autoTags.loses')} value={`−${count(loses)}`} />
        <Figure word={t('autoTags.holds')} value={count(members)} />
      </dl>
      <p className="soft">{t('autoTags.ofAll', { carry: count(carry), all: count(customers) })}</p>
      {moves.length > 0 && (
        <>
          <h3 className={styles.small}>{t('autoTags.moves')}</h3>
          <ul className={styles.moves}>
            {moves.map(({ from, to, number }) => (
              <li key={`${from} ${to}`}>
                <span>
                  {from ?? t('autoTags.none')} → {to ?? t('autoTags.none')}
                </span>
                <b>{count(number)}</b>
              </li>
            ))}
          </ul>
        </>
      )}
      <h3 className={styles.small}>{t('autoTags.ahead')}</h3>
      {ahead ? <AheadNumbers ahead={ahead} /> : <p className="soft">{t('autoTags.aheadLater')}</p>}
      {sample.length > 0 && (
        <>
          <h3 className={styles.small}>{t('autoTags.sample')}</h3>
          <ul className={styles.sample}>
            {sample.map(({ contactId, name, avatar, reason }) => (
              <li key={contactId}>
                <details>
                  <summary>
                    <Avatar name={name} src={avatar} />
                    <span>{name || '—'}</span>
                    <small className="quiet">{t('segments.why')}</small>
                  </summary>
                  {reason ? (
                    <ul className={segmentStyles.reasons}>
                      <Reasons node={asked.rule} reason={reason as Reason} words={words} />
                    </ul>
                  ) : (
                    <p className="soft">{t('autoTags.whyLater')}</p>
                  )}
                  <Link to={`/contacts/${contactId}`}>{t('autoTags.openCustomer')}</Link>
                </details>
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  )
}

function Figure({ word, value, testId }: { word: string; value: string; testId?: string }) {
  return (
    <div>
      <dt>{word}</dt>
      <dd data-testid={testId}>{value}</dd>
    </div>
  )
}
