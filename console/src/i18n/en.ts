import type { Words } from './words.ts'
import { zh } from './zh.ts'
export const en: Words = zh
