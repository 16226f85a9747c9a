/** Chinese and English side by side: a table and a function, for pages that have no room for more. */
export type Words = Record<string, readonly [zh: string, en: string]>

const LANGUAGE = /^zh/i.test(navigator.language) ? 0 : 1
export const isChinese = LANGUAGE === 0
document.documentElement.lang = isChinese ? 'zh-CN' : 'en'

/** The words of one table in the reader's language; `{name}` is filled in. */
export const speak =
  <T extends Words>(table: T) =>
  (key: keyof T, params: Record<string, string | number> = {}): string =>
    table[key]![LANGUAGE].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''))
