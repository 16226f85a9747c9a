import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { useNow } from '../../ui/clock.ts'
import { HealthMark } from '../../ui/health-mark.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { SkeletonRows } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import { languageOf, sayAgo } from '../../ui/time-words.ts'
import { useCan } from '../staff/session.ts'
import styles from './corps.module.css'
import { keepSetup, type StepName } from './setup.ts'

type View = Answer<'/api/corp/permissions'>
type Grant = View['grants'][number]
type GrantName = Grant['grant']

const MARK = { granted: 'ok', refused: 'broken', untried: 'idle' } as const
/** Known by what really happened: to ask would have an effect. */
const BY_LAST = ['callback', 'welcome', 'login'] as const
const STEP_OF: Readonly<Partial<Record<GrantName, StepName>>> = {
  connection: 'app',
  agent: 'app',
  contacts: 'contacts',
  callback: 'callback',
  login: 'domain',
}
const LATER = ['sidebar', 'messages', 'groups', 'broadcasts', 'acquisition', 'handover', 'kf', 'archive'] as const

/** For each feature, what it needs of WeCom, whether we have it, and where it is granted. */
export function PermissionsPage() {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const now = useNow()
  const onError = useProblemToast()
  const mayCheck = useCan('health.act')
  const view = api.useQuery('get', '/api/corp/permissions', {})
  const check = api.useMutation('post', '/api/corp/check', {
    onError,
    async onSuccess(data) {
      keepSetup(data)
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/corp/permissions'] })
      void message.success(t('permissions.rechecked'))
    },
  })
  const at = view.data?.checkedAt
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('nav.settings') }]}
        title={t('permissions.title')}
        meta={
          view.data &&
          (at
            ? t('permissions.checked', { when: sayAgo(new Date(at), now, languageOf(i18n)) })
            : t('permissions.never'))
        }
      >
        {mayCheck && (
          <Button
            type="primary"
            icon={<Icon name="refresh" size={14} />}
            loading={check.isPending}
            onClick={() => check.mutate({})}
          >
            {t('permissions.recheck')}
          </Button>
        )}
      </PageHeader>
      <Loaded
        query={view}
        what={t('permissions.title')}
        skeleton={
          <div className={styles.scroll}>
            <Panel edge>
              <SkeletonRows rows={7} avatar={false} />
            </Panel>
          </div>
        }
      >
        {(data) => (
          <div className={styles.scroll}>
            <Features view={data} />
            <Grants view={data} />
            <Later />
          </div>
        )}
      </Loaded>
    </>
  )
}

function Features({ view: { features, grants } }: { view: View }) {
  const { t } = useTranslation()
  const stateOf = (name: GrantName) => grants.find(({ grant }) => grant === name)?.state
  /** What is refused; only where nothing is, what was never tried. */
  const missing = (needs: readonly GrantName[], state: keyof typeof MARK) =>
    needs.filter((grant) => stateOf(grant) === state)
  return (
    <Panel title={t('permissions.inUse')} edge>
      <ul className={styles.features}>
        {features.map(({ feature, state, needs }) => (
          <li key={feature}>
            <span className={styles.name}>
              <b>{t(`permissions.feature.${feature}.name`)}</b>
              <HealthMark state={MARK[state]}>{t(`permissions.state.${state}`)}</HealthMark>
            </span>
            <span className="small soft">
              {t('permissions.without')}
              {t(`permissions.feature.${feature}.without`)}
            </span>
            <span className={styles.missing}>
              {state !== 'granted' &&
                missing(needs, state).map((grant) => (
                  <span key={grant} className={`small ${state === 'refused' ? 'bad' : 'quiet'}`}>
                    {t(`permissions.grant.${grant}.name`)} · {t(`permissions.grantState.${state}`)}
                  </span>
                ))}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Grants({ view: { grants, egressIp } }: { view: View }) {
  const { t } = useTranslation()
  const cut = grants.find(({ grant }) => grant === 'connection')?.state === 'refused'
  return (
    <Panel title={t('permissions.grants')} edge>
      <div className={styles.grants}>
        <table aria-label={t('permissions.grants')}>
          <thead>
            <tr>
              {(['grant', 'state', 'at', 'where'] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`permissions.column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {grants.map((grant) => (
              <tr key={grant.grant}>
                <th scope="row">{t(`permissions.grant.${grant.grant}.name`)}</th>
                <td>
                  <HealthMark state={MARK[grant.state]}>{t(`permissions.grantState.${grant.state}`)}</HealthMark>
                </td>
                <td className="small soft">
                  <Evidence grant={grant} cut={cut} egressIp={egressIp} />
                </td>
                <td className="small">
                  {t(`permissions.grant.${grant.grant}.where`)}
                  <ToStep grant={grant} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

/** How we know, and when from. */
function Evidence({ grant, cut, egressIp }: { grant: Grant; cut: boolean; egressIp: string | null }) {
  const { t } = useTranslation()
  const { refusal, errcode, at, state } = grant
  const byLast = BY_LAST.find((name) => name === grant.grant)
  if (state === 'untried')
    return <>{byLast ? t(`permissions.untriedWhy.${byLast}`) : cut ? t('permissions.unknownNow') : '–'}</>
  return (
    <>
      {refusal && (
        <span className="bad">
          {t(`corps.refusal.${refusal}.title`)}
          {errcode !== 0 && <span className="mono"> {errcode}</span>}
          {refusal === 'ip' && egressIp && <span className="mono"> {egressIp}</span>}
          <br />
        </span>
      )}
      {t(byLast ? 'permissions.byLast' : 'permissions.byProbe')} · {at && <Ago at={at} />}
    </>
  )
}

/** What is not granted is mended in the wizard, where it has a step. */
function ToStep({ grant: { grant, state, refusal } }: { grant: Grant }) {
  const { t } = useTranslation()
  const step = refusal === 'ip' ? 'ip' : STEP_OF[grant]
  if (state === 'granted' || !step) return null
  return (
    <div>
      <Link className="textlink" to={`/settings/corp?step=${step}`}>
        {t('permissions.toStep', { step: t(`corps.step.${step}.title`) })}
      </Link>
    </div>
  )
}

function Later() {
  const { t } = useTranslation()
  return (
    <Panel title={t('permissions.later')} sub={t('permissions.laterWhy')}>
      <dl className={styles.later}>
        {LATER.map((feature) => (
          <div key={feature}>
            <dt>{t(`permissions.laterFeature.${feature}.name`)}</dt>
            <dd>{t(`permissions.laterFeature.${feature}.where`)}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}
