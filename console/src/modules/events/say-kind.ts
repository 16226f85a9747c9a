import type { TFunction } from 'i18next'
import { shortEvent } from './describe-event.ts'

/** A kind's name: the corp's own have one, the built-in ones are words of ours. */
export const sayKind = (t: TFunction, { kind, title, own }: { kind: string; title: string; own: boolean }): string => {
  const word = shortEvent(kind)
  return own || word === 'other' ? title : t(`events.short.${word}`)
}
