import type { i18n, TFunction } from 'i18next'
import { languageOf } from '../../ui/time-words.ts'
import { shortEvent } from './describe-event.ts'

interface Named {
  kind: string
  title: string
  own: boolean
}

/** A kind's name. Names the corp gave are its own; of the built-in ones the server knows the Chinese, and we the other words. */
export function sayKind(t: TFunction, words: i18n, { kind, title, own }: Named): string {
  const word = shortEvent(kind)
  return own || word === 'other' || languageOf(words) === 'zh' ? title : t(`events.short.${word}`)
}

/** A property as it is called; its own word where the title would be in another language. */
export const sayProperty = (
  words: i18n,
  { own }: { own: boolean },
  { name, title }: { name: string; title: string },
) => (own || languageOf(words) === 'zh' ? title : name)
