import type { CellDraft, RfmDraft } from './schema.ts'

const cell = (
  name: string,
  [r, f, m]: [[number, number], [number, number], [number, number]],
  play: string,
  atRisk = false,
): CellDraft => ({ name, box: { r, f, m }, atRisk, play })

/** What one may begin with: cut points of a shop people come back to every few weeks, and ten cells, best first. */
export const START: RfmDraft = {
  mode: 'own',
  monthly: false,
  withinDays: null,
  money: 'sum',
  cuts: { r: [30, 60, 90, 180], f: [1, 2, 4, 8], m: [5_000, 15_000, 30_000, 80_000] },
  cells: [
    cell(
      '核心客户',
      [
        [4, 5],
        [4, 5],
        [4, 5],
      ],
      '请专人照看：新品先给他试，生日和节日当面问候。不要用折扣打扰。',
    ),
    cell(
      '常来小单',
      [
        [4, 5],
        [4, 5],
        [1, 3],
      ],
      '来得勤、买得少：推荐搭配和大一号的装，让他顺手多带一件。',
    ),
    cell(
      '潜力大客',
      [
        [4, 5],
        [2, 3],
        [4, 5],
      ],
      '舍得花钱，还没养成习惯：请他办会员，说清下一次来有什么好处。',
    ),
    cell(
      '成长客户',
      [
        [4, 5],
        [2, 3],
        [1, 3],
      ],
      '第二、第三次最要紧：下单后三天问一句合不合口味，附上同类的推荐。',
    ),
    cell(
      '新客',
      [
        [4, 5],
        [1, 1],
        [1, 5],
      ],
      '刚买过一次：教他怎么喝、怎么存，两周内给一个第二次来的理由。',
    ),
    cell(
      '重要挽回',
      [
        [2, 3],
        [3, 5],
        [4, 5],
      ],
      '老客很久没来：由熟悉他的导购一对一问候，先问近况，再说新品。',
      true,
    ),
    cell(
      '渐行渐远',
      [
        [2, 3],
        [3, 5],
        [1, 3],
      ],
      '从前常来，最近淡了：发一次他最常买的那样的到货或优惠。',
      true,
    ),
    cell(
      '没有再来',
      [
        [2, 3],
        [1, 2],
        [1, 5],
      ],
      '买过一两次就没下文：问一次原因，换个品类推荐；没有回应就先停。',
    ),
    cell(
      '沉睡大客',
      [
        [1, 1],
        [1, 5],
        [4, 5],
      ],
      '曾经花得多，已经半年没来：店长亲自问候一次，只做一次，看反应。',
      true,
    ),
    cell(
      '沉睡客户',
      [
        [1, 1],
        [1, 5],
        [1, 3],
      ],
      '很少会再回应：不单独花人力，大活动时顺带告诉一声。',
    ),
  ],
}
