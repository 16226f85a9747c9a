interface WireStateProps {
  isLost: boolean
  isAway: boolean
  hasReceiver: boolean
  consoleUrl: string
}

/** What runs between the two programs, or why nothing does. */
export function WireState({ isLost, isAway, hasReceiver, consoleUrl }: WireStateProps) {
  if (isLost) return <span className="wire-state">模拟器断开了，正在重连</span>
  if (isAway) return <span className="wire-state">本系统没应答，回调会重试 3 次</span>
  if (hasReceiver) return <span className="wire-lead">本系统 ⇄ 模拟企业微信</span>
  return (
    <span className="wire-lead">
      本系统还没接上，
      <a href={consoleUrl} target="siyu-console">
        去接入
      </a>
    </span>
  )
}
