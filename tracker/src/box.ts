import type { Platform } from './platform.ts'

/** A value under a name in storage. Read anew each time, for other tabs write there too; from memory where nothing can be kept. */
export function createBox<T extends object>(platform: Platform, name: string, empty: T) {
  let memory = empty
  return {
    read(): T {
      const kept = platform.read(name)
      if (kept === undefined) return memory
      try {
        const value: unknown = JSON.parse(kept)
        return Array.isArray(value) === Array.isArray(empty) && value instanceof Object ? (value as T) : empty
      } catch {
        return empty // somebody else's
      }
    },
    write(value: T): void {
      const text = JSON.stringify(value)
      platform.write(name, text)
      if (platform.read(name) === text) memory = empty
      else {
        platform.write(name, undefined)
        memory = value
      }
    },
  }
}
