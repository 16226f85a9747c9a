// Read by the server and by the page alike, so it imports nothing.

/** An answer as it travels: text, number, one choice, several, or the ids of files. */
export type AnswerValue = string | number | readonly string[]
export type Answers = Readonly<Record<string, AnswerValue | undefined>>

export interface ShownWhen {
  /** The key of a field before this one. */
  field: string
  /** Any of these, of what was chosen there. */
  is: readonly string[]
}

export interface Conditional {
  key: string
  when?: ShownWhen | null | undefined
}

/** Nothing was answered. */
export const isBlank = (value: AnswerValue | undefined): boolean =>
  value === undefined || (typeof value === 'number' ? !Number.isFinite(value) : value.length === 0)

/**
 * The fields somebody sees who has answered so far. A field that is not shown has no answer, whatever is still written in
 * it: what hangs on it is not shown either.
 */
export function visibleFields<Field extends Conditional>(
  { fields }: { fields: readonly Field[] },
  answers: Answers,
): Field[] {
  const shown = new Set<string>()
  return fields.filter(({ key, when }) => {
    const holds = !when || (shown.has(when.field) && when.is.some((option) => includes(answers[when.field], option)))
    if (holds) shown.add(key)
    return holds
  })
}

const includes = (value: AnswerValue | undefined, option: string): boolean =>
  typeof value === 'object' ? value.includes(option) : value !== undefined && String(value) === option
