import { App } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

/** As many as one request names; the server holds it too. */
const PICKED_MAX = 1_000

export interface Picked {
  ids: ReadonlySet<string>
  /** All that match the filter, whatever is ticked. */
  all: boolean
}

const NONE: Picked = { ids: new Set(), all: false }

/** Ticked customers, over pages. Another list (another `of`) begins with none. */
export function useSelection(of: string) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [kept, setKept] = useState({ of, picked: NONE })
  const picked = kept.of === of ? kept.picked : NONE
  const set = (next: Picked) => setKept({ of, picked: next })
  return {
    picked,
    toggle(keys: string[], on: boolean) {
      const ids = new Set(picked.ids)
      for (const key of keys) on ? ids.add(key) : ids.delete(key)
      if (ids.size > PICKED_MAX) return void message.info(t('bulk.tooManyPicked'))
      set({ ids, all: false })
    },
    selectAll: () => set({ ids: picked.ids, all: true }),
    clear: () => set(NONE),
  }
}
