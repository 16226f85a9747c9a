/** The server refused, in a sentence fit to be shown; or it could not be reached (`offline`). */
export class Refused extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, status: number, sentence: string) {
    super(sentence)
    this.code = code
    this.status = status
  }
}
export const isOffline = (error: unknown): boolean => error instanceof Refused && error.code === 'offline'

/** The last silent sign-in: a page whose cookie is not kept would go round for ever. */
const SIGNED_AT = 'siyu-signed-at'
const AGAIN_AFTER_MS = 20_000

/** Asks our server. Whoever is no longer signed in is signed in again, silently, by opening the page anew. */
export async function ask<T>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<T> {
  const init =
    body === undefined
      ? { method }
      : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const reply = await fetch(`/api/m${path}`, init).catch(() => {
    throw new Refused('offline', 0, '')
  })
  if (reply.status === 204) return undefined as T
  const answer: unknown = await reply.json().catch(() => ({}))
  if (reply.ok) return answer as T
  if (reply.status === 401 && Date.now() - Number(sessionStorage.getItem(SIGNED_AT) ?? 0) > AGAIN_AFTER_MS) {
    sessionStorage.setItem(SIGNED_AT, String(Date.now()))
    location.reload()
    return new Promise(() => {}) // the page is on its way out
  }
  const { code, message } = answer as { code?: string; message?: string }
  throw new Refused(code ?? String(reply.status), reply.status, message ?? String(reply.status))
}
