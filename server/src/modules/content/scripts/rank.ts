import { Jieba } from '@node-rs/jieba'
import { dict } from '@node-rs/jieba/dict.js'
import { fold, gramsOf } from '../../../platform/bigrams.ts'
import type { Suggestion } from './schema.ts'

/** Made at the first question: the dictionary takes a moment and some memory, and not every process is asked. */
let jieba: Jieba | undefined
const cutter = (): Jieba => {
  jieba ??= Jieba.withDict(dict)
  return jieba
}

/** Words that say nothing of what is meant. */
const STOP: ReadonlySet<string> = new Set(
  '的 了 吗 呢 吧 啊 呀 哦 嗯 是 有 在 我 你 您 他 她 它 我们 你们 他们 这 那 这个 那个 这些 那些 什么 怎么 怎样 怎么样 如何 为什么 多少 几 哪 哪里 哪个 可以 能 会 要 想 不 没 没有 就 都 也 还 很 太 请 请问 一下 一个 一些 和 与 或 但 但是 如果 因为 所以 已经 现在 时候 知道 觉得 看看 谢谢 你好 您好 好的 可能 应该 需要 给 把 被 让 对 从 到 用 上 下 里 去 来 说 做 个 点'.split(
    ' ',
  ),
)
const WRITTEN = /[\p{L}\p{N}]/u

/** The words of what somebody said that mean something, each once. */
export function meantBy(said: string): string[] {
  const words = cutter()
    .cutForSearch(fold(said), true)
    .map((word) => word.trim())
  return [...new Set(words.filter((word) => WRITTEN.test(word) && !STOP.has(word) && [...word].length > 1))]
}

export interface Candidate {
  title: string
  keywords: readonly string[]
  text: string
  uses: number
  /** When the member himself said it last. */
  ownUsedAt: Date | null
  isQuick: boolean
  /** Of the stages it is for, the one the customer stands in. */
  stage: string | null
}

/** How much a word counts by where it stands. */
const IN_KEYWORDS = 4
const IN_TITLE = 2.5
const IN_TEXT = 1
/** Pairs of characters find what the dictionary does not know: new teas, names of shops. */
const BY_PAIRS = 1.5
/** What was said goes before where he stands, and that before habit. */
const OF_STAGE = 2
const OF_RECENT = 0.8
const OF_QUICK = 0.3
const RECENT_MS = 14 * 86_400_000

export type Ranked = { score: number; reasons: Suggestion['reasons'] }

/** How well each answers, with why; rare words count for more than what every script holds. Nothing to say for it: no reasons. */
export function rank(candidates: readonly Candidate[], said: string | null, now: Date): Ranked[] {
  const meant = said === null ? [] : meantBy(said)
  const pairs = said === null ? [] : gramsOf(said)
  const folded = candidates.map((one) => ({
    title: fold(one.title),
    keywords: one.keywords.map(fold),
    text: fold(one.text),
  }))
  const all = folded.map(({ title, keywords, text }) => `${title}\n${keywords.join('\n')}\n${text}`)
  const rarity = new Map(
    meant.map((word) => {
      const holding = all.filter((text) => text.includes(word)).length
      return [word, Math.log(1 + candidates.length / (1 + holding))]
    }),
  )
  const saidFolded = said === null ? '' : fold(said)
  return candidates.map((one, i) => {
    const { title, keywords, text } = folded[i]!
    const reasons: Suggestion['reasons'] = []
    let score = 0
    // A keyword of two characters or more that he used, as it stands, is what its writer had in mind.
    const struck = keywords.filter((keyword) => [...keyword].length > 1 && saidFolded.includes(keyword))
    score += struck.length * IN_KEYWORDS
    const heard = meant.filter((word) => all[i]!.includes(word))
    for (const word of heard) {
      const where = keywords.some((keyword) => keyword.includes(word))
        ? IN_KEYWORDS
        : title.includes(word)
          ? IN_TITLE
          : IN_TEXT
      score += where * (rarity.get(word) ?? 0)
    }
    if (heard.length > 0 || struck.length > 0) {
      const own = new Set(gramsOf(`${title}\n${text}`))
      score += (BY_PAIRS * pairs.filter((pair) => own.has(pair)).length) / Math.max(1, pairs.length)
      reasons.push({ code: 'said', words: [...new Set([...struck, ...heard])].slice(0, 4), stage: null })
    }
    if (one.stage !== null) {
      score += OF_STAGE
      reasons.push({ code: 'stage', words: [], stage: one.stage })
    }
    if (one.ownUsedAt && now.getTime() - one.ownUsedAt.getTime() < RECENT_MS) {
      score += OF_RECENT
      reasons.push({ code: 'recent', words: [], stage: null })
    }
    if (one.uses > 0) {
      score += Math.log10(1 + one.uses) / 4
      if (reasons.length === 0) reasons.push({ code: 'often', words: [], stage: null })
    }
    if (one.isQuick) {
      score += OF_QUICK
      if (reasons.length === 0) reasons.push({ code: 'quick', words: [], stage: null })
    }
    return { score, reasons }
  })
}
