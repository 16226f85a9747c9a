import { useState } from 'react'
import { type AutopilotView, type FaultsView, type SettingsView, sendControl } from '../control-api.ts'
import { useResource } from '../use-resource.ts'
import { type FaultSwitch, flip } from './fault-switches.ts'

export function useSettings(): SettingsView | undefined {
  return useResource<SettingsView>('/settings', []).data
}

export function useAutopilot() {
  const { data } = useResource<AutopilotView>('/autopilot', [])
  const [changed, setChanged] = useState<AutopilotView>()
  const set = async (on: boolean) => setChanged(await sendControl<AutopilotView>('POST', '/autopilot', { on }))
  return { view: changed ?? data, set }
}

export function useFaults() {
  const { data } = useResource<FaultsView>('/faults', [])
  const [changed, setChanged] = useState<FaultsView>()
  const view = changed ?? data
  const flipSwitch = async (flipped: FaultSwitch) => {
    if (!view) return
    setChanged(await sendControl<FaultsView>('PUT', '/faults', { rules: flip(view.rules, flipped) }))
  }
  return { view, flipSwitch }
}
