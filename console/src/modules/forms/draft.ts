import type { Content, Field, Kind } from './use-forms.ts'

/** The first key nobody has. */
export function freeKey(fields: readonly Pick<Field, 'key'>[]): string {
  const taken = new Set(fields.map(({ key }) => key))
  for (let nr = 1; ; nr++) if (!taken.has(`q${nr}`)) return `q${nr}`
}

export const newField = (kind: Kind, label: string, key: string, options: string[]): Field => ({
  key,
  kind,
  label,
  hint: '',
  required: false,
  options: kind === 'choice' || kind === 'choices' ? options : [],
  min: null,
  max: null,
  isPrivate: false,
  when: null,
  into: null,
})

/** Without what hung on it: a field that is gone, or was moved behind, can be asked by nobody. */
export function mend(fields: readonly Field[]): Field[] {
  const before = new Map<string, Field>()
  return fields.map((field) => {
    const asked = field.when && before.get(field.when.field)
    const is = field.when && asked ? field.when.is.filter((option) => asked.options.includes(option)) : []
    const kept = { ...field, when: field.when && is.length > 0 ? { field: field.when.field, is } : null }
    before.set(field.key, kept)
    return kept
  })
}

export function moveField(fields: readonly Field[], from: number, to: number): Field[] {
  if (to < 0 || to >= fields.length || from === to) return [...fields]
  return mend(fields.toSpliced(from, 1).toSpliced(to, 0, fields[from]!))
}

/** What a phone is shown of a draft. */
export const shownOf = ({ title, intro, action, privacy, fields, consents }: Content) => ({
  title,
  intro,
  action,
  privacy,
  fields,
  consents,
})
