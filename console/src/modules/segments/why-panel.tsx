import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { useNow } from '../../ui/clock.ts'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayYuan } from '../../ui/number-words.ts'
import { SkeletonBlock } from '../../ui/states.tsx'
import { languageOf, sayMoment } from '../../ui/time-words.ts'
import { type Condition, fromRule, isGroup, type Node } from './rule.ts'
import { sayCondition } from './say-rule.ts'
import styles from './segments.module.css'
import { useVocabulary, type Vocabulary } from './use-names.ts'

type Why = Answer<'/api/segments/{segmentId}/why/{contactId}'>
export interface Reason {
  holds: boolean
  changesAt: string | null
  of?: Reason[]
  found?: Why['reason']['found']
}

/** Why somebody is in a segment or not, condition by condition, and until when. */
export function WhyPanel({ segmentId, contactId }: { segmentId: string; contactId: string }) {
  const { t } = useTranslation()
  const words = useVocabulary()
  const why = api.useQuery('get', '/api/segments/{segmentId}/why/{contactId}', {
    params: { path: { segmentId, contactId } },
  })
  return (
    <Loaded query={why} what={t('segments.why')} skeleton={<SkeletonBlock height={120} />}>
      {(data) => (
        <div className={styles.why}>
          <Headline why={data} />
          <ul className={styles.reasons}>
            <Reasons node={fromRule(data.rule)} reason={data.reason as Reason} words={words} />
          </ul>
        </div>
      )}
    </Loaded>
  )
}

function Headline({ why: { inside, since, until, entersAt } }: { why: Why }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const at = (instant: string) => sayMoment(new Date(instant), now, languageOf(i18n))
  return (
    <p className={inside ? styles.inside : styles.outside}>
      <Icon name={inside ? 'check' : 'clock'} size={14} />
      <span>
        {inside
          ? since
            ? t('segments.insideSince', { since: at(since) })
            : t('segments.insideNow')
          : t('segments.outside')}
        {inside
          ? until
            ? t('segments.untilIfQuiet', { at: at(until) })
            : t('segments.untilEvent')
          : entersAt
            ? t('segments.entersIfQuiet', { at: at(entersAt) })
            : t('segments.entersByEvent')}
      </span>
    </p>
  )
}

/** What was found, part by part, in the rule's own shape. */
export function Reasons({ node, reason, words }: { node: Node; reason: Reason; words: Vocabulary }) {
  const { t } = useTranslation()
  if (isGroup(node))
    return node.of.map((part, i) => {
      const child = reason.of?.[i]
      if (!child) return null
      // biome-ignore-start lint/suspicious/noArrayIndexKey: a part is where it stands
      return isGroup(part) ? (
        <li key={i} className={styles.subReasons}>
          <Mark holds={child.holds} />
          <span>
            {part.not ? t('segments.exclude') : ''} {t(`segments.${part.is}`)}
            <ul className={styles.reasons}>
              <Reasons node={part} reason={child} words={words} />
            </ul>
          </span>
        </li>
      ) : (
        <ReasonLine key={i} condition={part} reason={child} words={words} />
      )
      // biome-ignore-end lint/suspicious/noArrayIndexKey: a part is where it stands
    })
  return <ReasonLine condition={node} reason={reason} words={words} />
}

const Mark = ({ holds }: { holds: boolean }) => (
  <i className={holds ? styles.yes : styles.no}>
    <Icon name={holds ? 'check' : 'close'} size={11} />
  </i>
)

function ReasonLine({ condition, reason, words }: { condition: Condition; reason: Reason; words: Vocabulary }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const at = (instant: string) => sayMoment(new Date(instant), now, languageOf(i18n))
  const found = sayFound(condition, reason.found, t, words, at)
  return (
    <li>
      <Mark holds={reason.holds} />
      <span>
        {sayCondition(condition, t, words.names)}
        {(found || reason.changesAt) && (
          <small>
            {found}
            {reason.changesAt &&
              ` ${t(reason.holds ? 'segments.holdsUntil' : 'segments.holdsFrom', { at: at(reason.changesAt) })}`}
          </small>
        )}
      </span>
    </li>
  )
}

function sayFound(
  condition: Condition,
  found: Reason['found'],
  t: TFunction,
  words: Vocabulary,
  at: (instant: string) => string,
): string {
  if (!found) return ''
  if (condition.is === 'tags') return (found.ids ?? []).map(words.names.tag).join('、') || t('segments.foundNone')
  if (condition.is === 'staff') return (found.ids ?? []).map(words.names.staff).join('、') || t('segments.foundNone')
  if (condition.is === 'gender') return t(`segments.gender.${Number(found.value ?? 0) as 0 | 1 | 2}`)
  if (condition.is === 'field' || condition.is === 'anniversary' || condition.is === 'member')
    return found.value == null ? t('segments.foundEmpty') : t('segments.foundValue', { value: found.value })
  if (condition.is === 'added') return found.lastAt ? at(found.lastAt) : ''
  if (found.number === undefined) return ''
  const last = found.lastAt ? t('segments.foundLast', { at: at(found.lastAt) }) : ''
  if (condition.is === 'total')
    return `${words.names.prop(condition.deed.kind, condition.amount).isMoney ? sayYuan(found.total ?? 0) : (found.total ?? 0)} ${last}`
  if (condition.is === 'when')
    return condition.which === 'first' && found.firstAt
      ? t('segments.foundFirst', { at: at(found.firstAt) })
      : last || t('segments.foundNever')
  return found.number === 0
    ? `${t('segments.foundNever')} ${last}`
    : `${t(found.isFloor ? 'segments.foundTimesFloor' : 'segments.foundTimes', { n: found.number })} ${last}`
}
