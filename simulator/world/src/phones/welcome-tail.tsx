import { WELCOME_LIMIT_MS, WELCOME_TENSE_MS } from '../guide/use-guide.ts'
import { StepNumber } from '../ui/step-number.tsx'

interface WelcomeTailProps {
  waitedMs: number
  hasReceiver: boolean
}

/** Where the welcome will appear, and how much of its 20 seconds is gone. */
export function WelcomeTail({ waitedMs, hasReceiver }: WelcomeTailProps) {
  const share = Math.min(1, waitedMs / WELCOME_LIMIT_MS)
  return (
    <div className="welcome-tail">
      <StepNumber number={2} look="now" />
      <span>
        {hasReceiver ? '欢迎语会出现在这里' : '本系统还没接上，没人发欢迎语'}
        <span className="bar">
          <span className={waitedMs > WELCOME_TENSE_MS ? 'tense' : ''} style={{ width: `${share * 100}%` }} />
        </span>
      </span>
    </div>
  )
}
