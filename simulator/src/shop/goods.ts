/** What the shop of the demo company sells. Made up. */
export interface Tea {
  productNo: string
  name: string
  category: string
  priceFen: number
  note: string
}

export const TEAS: readonly Tea[] = [
  {
    productNo: 'JS-01',
    name: '蒙顶甘露 50 克',
    category: '绿茶',
    priceFen: 12_800,
    note: '清明前采，入口甜，适合第一次喝绿茶的人。',
  },
  {
    productNo: 'JS-02',
    name: '碧潭飘雪 100 克',
    category: '花茶',
    priceFen: 9_800,
    note: '茉莉窨了五遍，汤里还看得见花。',
  },
  { productNo: 'JS-03', name: '武夷大红袍 80 克', category: '乌龙', priceFen: 23_800, note: '中火焙过，能泡八九泡。' },
  { productNo: 'JS-04', name: '凤凰单丛 鸭屎香', category: '乌龙', priceFen: 16_800, note: '名字不好听，香得很。' },
  { productNo: 'JS-05', name: '老白茶饼 350 克', category: '白茶', priceFen: 32_000, note: '放了七年，煮着喝最好。' },
  { productNo: 'JS-06', name: '盖碗 手绘竹', category: '茶具', priceFen: 8_600, note: '一百毫升，一个人喝刚好。' },
  {
    productNo: 'JS-07',
    name: '鲜橙冷泡茶 6 瓶',
    category: '水果',
    priceFen: 6_900,
    note: '橙子是当天切的，冷藏三天。',
  },
  { productNo: 'JS-08', name: '桂花乌龙 小包装', category: '乌龙', priceFen: 4_900, note: '一包一泡，放办公室正好。' },
]

export const findTea = (productNo: string): Tea | undefined => TEAS.find((tea) => tea.productNo === productNo)

export function searchTeas(words: string): Tea[] {
  return TEAS.filter(({ name, category, note }) => [name, category, note].some((text) => text.includes(words)))
}
