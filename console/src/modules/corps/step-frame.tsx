import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Icon } from '../../ui/icon.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Ago } from '../../ui/time.tsx'
import { useCan } from '../staff/session.ts'
import styles from './corps.module.css'
import { type SetupStep, type StepName, useCheck } from './setup.ts'

const ADMIN_CONSOLE = 'https://work.weixin.qq.com/wework_admin/frame'
/** Leads to the simulator's own. */
const SIMULATED_CONSOLE = '/wecom-admin'

interface Props {
  step: StepName
  /** 1, 2, 3 … */
  place: number
  all: number
  simulated?: boolean
  children: ReactNode
}

/** What a step is for and where in WeCom's console it is done; its own matter below. */
export function StepFrame({ step, place, all, simulated = false, children }: Props) {
  const { t } = useTranslation()
  const where = t(`corps.step.${step}.where`)
  return (
    <Panel title={t(`corps.step.${step}.title`)} sub={t('corps.stepOf', { n: place, all })}>
      <div className={styles.body}>
        <p className="soft">{t(`corps.step.${step}.why`)}</p>
        {where && (
          <p className={styles.where}>
            <span className="quiet">{t('corps.where')}</span>
            <b>{where}</b>
            <a
              href={simulated ? SIMULATED_CONSOLE : ADMIN_CONSOLE}
              target="_blank"
              rel="noreferrer"
              className={styles.out}
            >
              {t('corps.openAdmin')} <Icon name="out" size={12} />
            </a>
          </p>
        )}
        {children}
      </div>
    </Panel>
  )
}

/** What WeCom refused, in people's words: what it is, what to do, and the code for engineers. */
export function RefusalNote({ step: { step, refusal, errcode, at } }: { step: SetupStep }) {
  const { t } = useTranslation()
  if (refusal === null) return null
  if (refusal === 'ip' && step !== 'ip')
    return (
      <p className={styles.waitingLine} role="status">
        <i aria-hidden />
        <span>
          {t(step === 'app' ? 'corps.appHangs' : 'corps.contactsHang')}{' '}
          <Link className="textlink" to="/settings/corp?step=ip">
            {t('corps.step.ip.title')}
          </Link>
        </span>
      </p>
    )
  return (
    <div className={styles.refusal} role="alert">
      <b>
        <Icon name="alert" size={14} /> {t(`corps.refusal.${refusal}.title`)}
      </b>
      <p>{t(`corps.refusal.${refusal}.todo`)}</p>
      <small>
        {errcode ? <span className="mono">{errcode} · </span> : null}
        {at && (
          <>
            {t('corps.checkedAt')} <Ago at={at} />
          </>
        )}
      </small>
    </div>
  )
}

export function GoodNote({ children, at }: { children: ReactNode; at?: string | null }) {
  const { t } = useTranslation()
  return (
    <p className={styles.good} role="status">
      <Icon name="check" size={14} />
      <span>
        {children}
        {at && (
          <small>
            {t('corps.checkedAt')} <Ago at={at} />
          </small>
        )}
      </span>
    </p>
  )
}

/** The one button most steps end in, and the way on once the step is done. */
export function StepActions({ step, onNext, extra }: { step: SetupStep; onNext: () => void; extra?: ReactNode }) {
  const { t } = useTranslation()
  const check = useCheck()
  const mayCheck = useCan('health.act')
  const done = step.state === 'done'
  return (
    <div className={styles.buttons}>
      {done && (
        <Button type="primary" onClick={onNext}>
          {t('corps.next')}
        </Button>
      )}
      {mayCheck && (
        <Button
          type={done || step.step === 'callback' ? 'default' : 'primary'}
          icon={<Icon name="refresh" size={14} />}
          loading={check.isPending}
          onClick={() => check.mutate({})}
        >
          {step.at ? t('corps.checkAgain') : t('corps.check')}
        </Button>
      )}
      {!done && (
        <Button type="text" onClick={onNext}>
          {t('corps.next')}
        </Button>
      )}
      {extra}
    </div>
  )
}
