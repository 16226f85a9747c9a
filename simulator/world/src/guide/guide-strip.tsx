import { AgainIcon } from '../ui/icons.tsx'
import { StepNumber } from '../ui/step-number.tsx'
import { useStored } from '../ui/use-stored.ts'
import type { Guide } from './use-guide.ts'

const STEPS = [
  { name: '扫码', what: '加上成员' },
  { name: '欢迎语', what: '20 秒内' },
  { name: '打标签', what: '记住' },
  { name: '时间线', what: '看全过程' },
]

interface GuideStripProps {
  guide: Guide
  pronoun: string
  band: string
  /** Absent: this step cannot be played for somebody. */
  onDoIt?: () => void
  onReset(): void
}

export function GuideStrip({ guide, pronoun, band, onDoIt, onReset }: GuideStripProps) {
  const [folded, setFolded] = useStored('path-folded', false)
  const isOver = guide.now === 4
  if (isOver && folded) {
    return (
      <section className="guide folded" aria-label="四步走一遍">
        <StepNumber number={4} look="done" />
        <p>走完了。试试 +1 天，或打开「重复」再扫一次。</p>
        <button type="button" className="link" onClick={onReset}>
          <AgainIcon size={14} /> 重来
        </button>
        <button type="button" className="link quiet" onClick={() => setFolded(false)}>
          展开
        </button>
      </section>
    )
  }
  return (
    <section className="guide" aria-label="四步走一遍">
      <ol className="guide-steps">
        {STEPS.map(({ name, what }, index) => {
          const look = guide.steps[index]!
          return (
            <li key={name} className={look} aria-current={look === 'now' ? 'step' : undefined}>
              <StepNumber number={index + 1} look={look} />
              <b>{name}</b>
              <span className="guide-what">{whatOf(index, what, guide, pronoun)}</span>
            </li>
          )
        })}
      </ol>
      <div className="guide-band" role="status">
        <p>
          {isOver ? (
            <>
              <b>走完了。</b>试试 +1 天，或打开「重复」再扫一次。
            </>
          ) : (
            <>
              <b>{guide.now === 1 ? '稍等：' : '轮到你：'}</b>
              {band}
            </>
          )}
        </p>
        <button type="button" className="link quiet" onClick={onReset} title="这位顾客回到扫码之前，别人不受影响">
          <AgainIcon size={14} /> 重来
        </button>
        {isOver ? (
          <button type="button" className="button" onClick={() => setFolded(true)}>
            收起
          </button>
        ) : (
          onDoIt && (
            <button type="button" className="button" onClick={onDoIt}>
              替我做这步
            </button>
          )
        )}
      </div>
    </section>
  )
}

function whatOf(index: number, what: string, guide: Guide, pronoun: string): string {
  if (index === 1 && guide.steps[1] === 'missed') return '这次没有'
  if (index === 1 && guide.delaySeconds !== undefined) return `${guide.delaySeconds} 秒`
  return index === 2 ? `${what}${pronoun}` : what
}
