import type { ReactNode } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { languageOf, saySpan } from '../../ui/time-words.ts'
import { nameAddWay } from './add-way.ts'
import { describeEvent, type EventItem, type EventMeaning } from './describe-event.ts'

/** The fact in one sentence. With `who` the customer is named in it; without, it is his own page. */
export function EventFact({ item, who }: { item: EventItem; who?: ReactNode }) {
  const { t } = useTranslation()
  const { word, tag, code, thing } = describeEvent(item)
  // What an account of head office does is tied to no member: it says its own name.
  const by = typeof item.props.by === 'string' ? item.props.by : undefined
  const staff = <b>{item.staffName ?? by ?? t('events.nobody')}</b>
  return (
    <Trans
      t={t}
      i18nKey={who === undefined ? `events.self.${word}` : `events.${word}`}
      values={{ tag, code, thing, kind: item.title ?? item.kind }}
      components={{ who: <span>{who}</span>, staff }}
    />
  )
}

/** What it means, in quiet words; nothing when there is nothing to add. */
export function useSayMeaning(): (meaning: EventMeaning | undefined) => string {
  const { t, i18n } = useTranslation()
  return (meaning) => {
    if (meaning === undefined) return ''
    switch (meaning.word) {
      case 'way':
        return t('events.why.way', { way: t(`addWay.${nameAddWay(meaning.addWay)}`) })
      case 'sentIn':
        return t('events.why.sentIn', { span: saySpan(meaning.ms, languageOf(i18n)) })
      case 'refused':
        return t('events.why.refused', { cause: meaning.cause })
      case 'remark':
        return t('events.why.remark', meaning)
      case 'remarkSet':
        return t('events.why.remarkSet', meaning)
      case 'remarkGone':
        return t('events.why.remarkGone', meaning)
      case 'by':
        return t('events.why.by', { by: meaning.by })
      case 'byCode':
        return t('events.why.byCode', { code: meaning.code })
      case 'fields':
        return meaning.names.join('、')
      case 'groupWay':
        return meaning.by && meaning.way !== 'code'
          ? t('groups.invitedBy', { name: meaning.by })
          : t(`groups.scene.${meaning.way}`)
      case 'stageWhy':
        return meaning.why
      case 'readSo':
        return t('events.why.readSo', {
          span: saySpan(meaning.seconds * 1_000, languageOf(i18n)),
          depth: meaning.depth,
        })
      case 'readToPage':
        return t('events.why.readToPage', {
          span: saySpan(meaning.seconds * 1_000, languageOf(i18n)),
          page: meaning.page,
        })
      case 'watchedFor':
        return t(meaning.comments > 0 ? 'events.why.watchedAndSaid' : 'events.why.watchedFor', meaning)
      case 'scoredFor':
        return t('events.why.scoredFor', { why: meaning.why })
      case 'noteBefore':
        return t('events.why.noteBefore', { from: meaning.from })
      default:
        return t(`events.why.${meaning.word}`)
    }
  }
}
