import type { Middleware } from 'openapi-fetch'

const NEEDED = 'staff.step_up_required'

type Answer = (proved: boolean) => void
let waiting: Answer[] = []
const listeners = new Set<() => void>()
const tell = () => {
  for (const listener of listeners) listener()
}

/** Whether some request waits for its person to show once more that it is him; for the one dialog that asks. */
export const stepUp = {
  subscribe(listener: () => void) {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
  isAsked: () => waiting.length > 0,
  settle(proved: boolean) {
    const answers = waiting
    waiting = []
    for (const answer of answers) answer(proved)
    tell()
  },
}

const ask = () =>
  new Promise<boolean>((answer) => {
    waiting.push(answer)
    tell()
  })

const kept = new Map<string, Request>()

/** A request refused for want of a fresh proof is sent again once the dialog has it; whoever asked for it never notices. */
export const stepUpMiddleware: Middleware = {
  onRequest({ request, id }) {
    kept.set(id, request.clone())
  },
  async onResponse({ response, id }) {
    const request = kept.get(id)
    kept.delete(id)
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    if (response.status !== 401 || !request || !isJson) return undefined
    const { code } = (await response.clone().json()) as { code?: string }
    if (code !== NEEDED || !(await ask())) return undefined
    return fetch(request)
  },
  onError({ id }) {
    kept.delete(id)
  },
}
