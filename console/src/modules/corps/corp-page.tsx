import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { SkeletonBlock } from '../../ui/states.tsx'
import { useCan } from '../staff/session.ts'
import styles from './corps.module.css'
import { firstOpen, type Setup, type StepName, useSetup } from './setup.ts'
import { StepRail } from './step-rail.tsx'
import { AppStep } from './steps/app-step.tsx'
import { CallbackStep } from './steps/callback-step.tsx'
import { DomainStep } from './steps/domain-step.tsx'
import { ContactsStep, CorpStep, IpStep, SyncStep } from './steps/plain-steps.tsx'
import type { StepProps } from './steps/step-props.ts'

const BODIES: Readonly<Record<StepName, (props: StepProps) => React.ReactNode>> = {
  corp: CorpStep,
  app: AppStep,
  contacts: ContactsStep,
  callback: CallbackStep,
  ip: IpStep,
  domain: DomainStep,
  sync: SyncStep,
}

/** A corp's connection, step by step: the first time, and whenever something has to be mended. */
export function CorpPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [params, setParams] = useSearchParams()
  const asked = params.get('step')
  const named = (Object.keys(BODIES) as StepName[]).find((one) => one === asked)
  const setup = useSetup()
  const mayWrite = useCan('corps.write')
  const done = setup.data?.steps.filter(({ state }) => state === 'done').length ?? 0
  const all = Object.keys(BODIES).length
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('nav.settings') }]}
        title={t('corps.title')}
        meta={setup.data && (done === all ? t('corps.allDone') : t('corps.doneCount', { n: done, all }))}
      >
        {mayWrite && (
          <Button icon={<Icon name="plus" size={14} />} onClick={() => void navigate('/settings/corp/connect')}>
            {t('corps.connect')}
          </Button>
        )}
      </PageHeader>
      <Loaded
        query={setup}
        what={t('corps.title')}
        skeleton={
          <div style={{ padding: 20 }}>
            <SkeletonBlock height={240} />
          </div>
        }
      >
        {(data) => <Steps key={data.corpId} setup={data} named={named} onChoose={(step) => setParams({ step })} />}
      </Loaded>
    </>
  )
}

interface StepsProps {
  setup: Setup
  named: StepName | undefined
  onChoose: (step: StepName) => void
}

function Steps({ setup, named, onChoose }: StepsProps) {
  const { t } = useTranslation()
  const mayWrite = useCan('corps.write')
  // Whoever comes without naming a step stays where he came in, until he moves on himself.
  const [first] = useState(() => firstOpen(setup.steps))
  const chosen = named ?? first
  const at = setup.steps.findIndex(({ step }) => step === chosen)
  const Body = BODIES[chosen]
  const next = setup.steps[Math.min(at + 1, setup.steps.length - 1)]!.step
  return (
    <div className={styles.wizard}>
      <StepRail steps={setup.steps} chosen={chosen} onChoose={onChoose} />
      <div className={styles.column}>
        <Body
          key={chosen}
          setup={setup}
          step={setup.steps[at]!}
          place={at + 1}
          mayWrite={mayWrite}
          onNext={() => onChoose(next)}
        />
        {!mayWrite && <p className="small quiet">{t('corps.readOnly')}</p>}
      </div>
    </div>
  )
}
