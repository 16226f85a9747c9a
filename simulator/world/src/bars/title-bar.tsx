import type { CorpView } from '../control-api.ts'
import { BulbIcon, Logo } from '../ui/icons.tsx'
import { Switch } from '../ui/switch.tsx'

interface TitleBarProps {
  corps: readonly CorpView[]
  corpid?: string
  consoleUrl: string
  autopilotOn: boolean
  onCorp(corpid: string): void
  onAutopilot(on: boolean): Promise<void>
  onTheme(): void
}

export function TitleBar({ corps, corpid, consoleUrl, autopilotOn, onCorp, onAutopilot, onTheme }: TitleBarProps) {
  return (
    <header className="title-bar">
      <Logo />
      <h1>Siyu 私域</h1>
      <span className="badge">模拟世界</span>
      {corps.length > 1 && (
        <select aria-label="换一家企业" value={corpid} onChange={(event) => onCorp(event.target.value)}>
          {corps.map((corp) => (
            <option key={corp.corpid} value={corp.corpid}>
              {corp.name} · {corp.counts.customers.toLocaleString('en-US')} 位客户
            </option>
          ))}
        </select>
      )}
      <p className="title-lead">左边选人和码，中间在两部手机上真的聊，右边看系统收发的每一条。</p>
      <span className="spring" />
      <Switch
        before
        label="自动演出"
        hint="虚构的顾客自己扫码、聊天、离开"
        on={autopilotOn}
        onChange={(on) => void onAutopilot(on)}
      />
      <button type="button" className="icon-button" aria-label="换深浅色" title="换深浅色" onClick={onTheme}>
        <BulbIcon size={18} />
      </button>
      <a className="button" href={consoleUrl} target="siyu-console">
        打开控制台
      </a>
    </header>
  )
}
