const KEPT_UNDER = 'siyu.connect-draft'

/** What is typed before a corp is connected. The secret is not part of it: it stays in its field until it is sent. */
export interface ConnectDraft {
  name: string
  wecomCorpid: string
  agentId: string
}
const EMPTY: ConnectDraft = { name: '', wecomCorpid: '', agentId: '' }

/** Kept in this browser, so that one may leave to look something up. */
export function readDraft(): ConnectDraft {
  try {
    return { ...EMPTY, ...(JSON.parse(localStorage.getItem(KEPT_UNDER) ?? '{}') as Partial<ConnectDraft>) }
  } catch {
    return EMPTY // somebody else's, or no storage at all: begin anew
  }
}

export function keepDraft(draft: ConnectDraft | undefined): void {
  try {
    if (draft) localStorage.setItem(KEPT_UNDER, JSON.stringify(draft))
    else localStorage.removeItem(KEPT_UNDER)
  } catch {
    // A browser without storage forgets.
  }
}

/** The server's limits, said before it is asked. */
const FITS = {
  name: (text: string) => text !== '' && text.length <= 100,
  corpid: (text: string) => /^w[wx][0-9a-zA-Z]{10,40}$/.test(text),
  agentId: (text: string) => /^[1-9]\d{0,9}$/.test(text) && Number(text) < 2 ** 31,
  secret: (text: string) => /^[\w-]{20,128}$/.test(text),
  proof: (text: string) => /^(WW_verify_)?[0-9A-Za-z]{8,64}(\.txt)?$/.test(text),
}
export type FieldKind = keyof typeof FITS

export const fits = (kind: FieldKind, text: string): boolean => FITS[kind](text.trim())
