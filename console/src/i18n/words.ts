import type { zh } from './zh.ts'

/** The keys of the Chinese words, each a string; where a count is named English may add a singular. */
type WordsLike<T> = { [K in keyof T]: T[K] extends string ? string : WordsLike<T[K]> } & {
  [K in keyof T & string as K extends `${infer Base}_other` ? `${Base}_one` : never]?: string
}
export type Words = WordsLike<typeof zh>
