import { useCallback, useState } from 'react'
import { TitleBar } from './bars/title-bar.tsx'
import { toggleTheme } from './bars/toggle-theme.ts'
import { useAutopilot, useSettings } from './bars/use-world-controls.ts'
import { ControlError, type CorpView } from './control-api.ts'
import { useLiveStatus } from './live.ts'
import { Notice } from './ui/notice.tsx'
import { useStored } from './ui/use-stored.ts'
import { SLOW_GAP_MS, useResource } from './use-resource.ts'
import { WorldStage } from './world-stage.tsx'

export function App() {
  const [wanted, setWanted] = useStored<string>('corp', '')
  const { data } = useResource<{ corps: CorpView[] }>('/corps', ['follow', 'staff', 'corps'], SLOW_GAP_MS)
  const corps = data?.corps ?? []
  const corp = corps.find(({ corpid }) => corpid === wanted) ?? corps[0]
  const settings = useSettings()
  const autopilot = useAutopilot()
  const status = useLiveStatus()
  const [notice, setNotice] = useState<string>()
  const dropNotice = useCallback(() => setNotice(undefined), [])
  const consoleUrl = consoleUrlOf(settings?.consoleUrl, corp)

  const tellRefusal = (error: unknown) => {
    if (!(error instanceof ControlError)) throw error
    setNotice(error.message)
  }

  return (
    <div className="app">
      <TitleBar
        corps={corps}
        corpid={corp?.corpid}
        consoleUrl={consoleUrl}
        autopilotOn={autopilot.view?.on ?? false}
        onCorp={setWanted}
        onAutopilot={(on) => autopilot.set(on).catch(tellRefusal)}
        onTheme={toggleTheme}
      />
      {corp ? (
        <WorldStage key={corp.corpid} corp={corp} settings={settings} consoleUrl={consoleUrl} onRefused={setNotice} />
      ) : (
        <p className="nobody">
          {status === 'lost'
            ? '模拟器没有应答，正在重连。它回来后这里自己接上。'
            : data
              ? '模拟器里还没有企业。用控制接口 POST /control/corps 建一个，这里就有两部手机。'
              : ''}
        </p>
      )}
      <Notice text={notice} onDone={dropNotice} />
    </div>
  )
}

/** Told by the launcher; else where the company's callbacks go, which is the same program; else where it starts by default. */
function consoleUrlOf(told: string | undefined, corp: CorpView | undefined): string {
  const receiver = corp?.receivers.app?.url
  const url = told ?? (receiver && URL.canParse(receiver) ? new URL(receiver).origin : 'http://127.0.0.1:7700')
  return url.replace(/\/$/, '')
}
