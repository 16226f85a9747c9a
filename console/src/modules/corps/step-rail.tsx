import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import styles from './corps.module.css'
import type { SetupStep, StepName } from './setup.ts'

interface Props {
  steps: readonly SetupStep[]
  chosen: StepName
  onChoose: (step: StepName) => void
  /** Steps that cannot be opened yet. */
  locked?: ReadonlySet<StepName>
}

/** All steps with their state: a sign, a colour and a word for each. */
export function StepRail({ steps, chosen, onChoose, locked }: Props) {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('corps.steps')} className={styles.rail}>
      <ol>
        {steps.map(({ step, state, refusal }, index) => (
          <li key={step}>
            <button
              type="button"
              className={styles[state]}
              aria-current={step === chosen ? 'step' : undefined}
              disabled={locked?.has(step)}
              onClick={() => onChoose(step)}
            >
              <i>
                {state === 'done' ? (
                  <Icon name="check" size={12} />
                ) : state === 'refused' ? (
                  <Icon name="alert" size={12} />
                ) : (
                  index + 1
                )}
              </i>
              <span>
                <b>{t(`corps.step.${step}.title`)}</b>
                <small>{locked?.has(step) ? t('corps.waitingFor.order') : sayState({ step, state, refusal })}</small>
              </span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )

  function sayState({ step, state, refusal }: Pick<SetupStep, 'step' | 'state' | 'refusal'>): string {
    if (state === 'refused' && refusal) return t(`corps.refusal.${refusal}.title`)
    if (state === 'waiting' && refusal === 'ip') return t('corps.waitingFor.ip')
    if (state === 'waiting' && (step === 'callback' || step === 'sync')) return t(`corps.waitingFor.${step}`)
    return t(`corps.state.${state}`)
  }
}
