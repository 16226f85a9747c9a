/** A person in the world cannot do this now: the control API answers it with 409 and the sentence. */
export class Refusal extends Error {
  readonly code: string

  constructor(code: string, sentence: string) {
    super(sentence)
    this.code = code
  }
}
