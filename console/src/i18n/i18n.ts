import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { zh } from './zh.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'words'
    resources: { words: typeof zh }
  }
}

const KEY = 'siyu.language'

export const i18n = i18next.createInstance()

/** Chinese is inside; English is fetched by those who chose it. */
export async function startWords(): Promise<void> {
  await i18n.use(initReactI18next).init({
    lng: 'zh',
    fallbackLng: 'zh',
    defaultNS: 'words',
    ns: ['words'],
    resources: { zh: { words: zh } },
    interpolation: { escapeValue: false }, // React escapes
    react: { transKeepBasicHtmlNodesFor: ['b'] },
  })
  if (localStorage.getItem(KEY) === 'en') await chooseLanguage('en')
}

export async function chooseLanguage(language: 'zh' | 'en'): Promise<void> {
  if (language === 'en' && !i18n.hasResourceBundle('en', 'words')) {
    const { en } = await import('./en.ts')
    i18n.addResourceBundle('en', 'words', en)
  }
  localStorage.setItem(KEY, language)
  await i18n.changeLanguage(language)
  document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN'
}
