import { createHash } from 'node:crypto'

/** A share of the hash's first six bytes. */
const WHOLE = 2 ** 48

/** Which of several a draw from 0 to 1 falls to, each having as much of it as its weight. */
export function byWeight(draw: number, weights: readonly number[]): number {
  const sum = weights.reduce((all, weight) => all + weight, 0)
  let left = draw * sum
  const found = weights.findIndex((weight) => {
    left -= weight
    return left < 0
  })
  return found === -1 ? weights.length - 1 : found
}

/**
 * Which variant a customer is told: by a hash of the code and his id, so that he is told the same each time he comes, on
 * every machine, and nobody keeps a list. Over many people each variant gets its share of the weights.
 */
export function variantOf(channelCodeId: string, externalUserid: string, weights: readonly number[]): number {
  const hash = createHash('sha256').update(`${channelCodeId} ${externalUserid}`).digest()
  return byWeight(hash.readUIntBE(0, 6) / WHOLE, weights)
}
