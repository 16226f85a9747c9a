import { useSyncExternalStore } from 'react'
import { paintRoot, type Shade } from './theme.ts'

export type ShadeChoice = 'system' | Shade
const KEY = 'siyu.shade'
const system = window.matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

export function readShadeChoice(): ShadeChoice {
  const kept = localStorage.getItem(KEY)
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}

export function chooseShade(choice: ShadeChoice): void {
  if (choice === 'system') localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, choice)
  tell()
}

function readShade(): Shade {
  const choice = readShadeChoice()
  return choice === 'system' ? (system.matches ? 'dark' : 'light') : choice
}

function tell(): void {
  paintRoot(readShade())
  for (const listener of listeners) listener()
}

/** Paints at once and keeps following the system and other tabs of ours. */
export function startShade(): void {
  paintRoot(readShade())
  system.addEventListener('change', tell)
  window.addEventListener('storage', (event) => {
    if (event.key === KEY) tell()
  })
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useShade = (): Shade => useSyncExternalStore(subscribe, readShade)
export const useShadeChoice = (): ShadeChoice => useSyncExternalStore(subscribe, readShadeChoice)
