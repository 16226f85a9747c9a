/** What a browser and a mini program each do in their own way. */
export interface Platform {
  /** Undefined: nothing there, or the storage may not be used. */
  read(name: string): string | undefined
  /** Never throws: whoever may not write goes on without. */
  write(name: string, value: string | undefined): void
  /** Rejects when nobody was reached. `isLast`: the page may be gone before the answer comes. */
  send(url: string, body: string, isLast: boolean): Promise<Reply>
  /** Returns how to call it off. */
  later(run: () => void, ms: number): () => void
  now(): number
  /** Random, of no meaning, and at least 96 bits. */
  makeId(): string
}

export interface Reply {
  status: number
  text: string
  /** 0: it was not said. */
  retryAfterSeconds: number
}
