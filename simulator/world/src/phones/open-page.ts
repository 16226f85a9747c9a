import { createContext } from 'react'

/** Opens pages of the company's system in the browser inside this phone; undefined where there is none. */
export const OpenPage = createContext<{ origin: string; open(url: string): void } | undefined>(undefined)
