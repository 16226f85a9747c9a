/** What a refused request answers; also what we make of one that never got an answer. */
export interface Problem {
  code: string
  message: string
  requestId: string
  fields?: Record<string, string>
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' &&
  value !== null &&
  'code' in value &&
  'message' in value &&
  typeof value.message === 'string'

/** Turns whatever a query or mutation failed with into something a page can say. `network`: nobody answered. */
export function toProblem(error: unknown): Problem {
  if (isProblem(error)) return error
  if (error instanceof TypeError) return { code: 'network', message: '', requestId: '' }
  return { code: 'unknown', message: error instanceof Error ? error.message : '', requestId: '' }
}
